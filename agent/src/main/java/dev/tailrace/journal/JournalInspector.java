package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import net.openhft.chronicle.queue.ChronicleQueue;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a journal from another process, beside a running agent or without one. Reads only: it locks, grows and changes
 * nothing, and shows only what is durable. One thread.
 */
public final class JournalInspector implements AutoCloseable {

    /**
     * The journal's vital facts.
     *
     * @param cycles number of files
     * @param bytes used on disk
     */
    public record Info(
            String id,
            long epoch,
            long firstSequence,
            long readableSequence,
            int cycles,
            long bytes,
            Tail tail,
            List<TableSchema> schemas) {}

    /**
     * What a whole reading found.
     *
     * @param frames that are intact
     * @param damage the first damage: file, sequence and what is wrong; null when there is none
     */
    public record Verification(
            long frames, long bytes, @Nullable String damage) {}

    /**
     * One shape of a table.
     *
     * @param sequence of the first frame that has it, among those that the journal still holds
     * @param position of the first changes behind that frame in the source's own words, empty when there are none
     * @param sourceMicros their commit time, microseconds since 1970-01-01T00:00:00Z; 0 when there are none
     */
    public record Version(TableSchema schema, long sequence, String position, long sourceMicros) {}

    private final CycleFiles files;
    private ChronicleQueue queue;
    private Object metadata;
    private final SchemaCatalog catalog = new SchemaCatalog();
    private final FrameDecoder decoder;
    private final List<SequenceRange> aborted = new ArrayList<>();
    private CycleIndex index = CycleIndex.of(List.of());
    private @Nullable FrameWalker walker;
    private @Nullable FrameWalker scout;

    private JournalInspector(CycleFiles files, Object metadata) throws JournalException {
        this.files = files;
        this.metadata = metadata;
        this.queue = Queues.readOnly(files.directory());
        this.decoder = new FrameDecoder(catalog, () -> new Cursor(queue));
    }

    /**
     * @param dataDirectory the agent's, not the journal's
     * @return empty when there is no journal yet
     * @throws JournalException JOURNAL-CORRUPT or JOURNAL-IO
     */
    public static Optional<JournalInspector> open(Path dataDirectory) throws JournalException {
        Path directory = dataDirectory.resolve("journal");
        CycleFiles files = new CycleFiles(directory);
        try {
            if (!Files.isDirectory(directory) || files.list().isEmpty()) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
        Object metadata = files.metadata();
        if (metadata == null) {
            throw new JournalException(
                    "JOURNAL-IO",
                    "the journal in " + directory + " is just being opened, or is a copy without metadata.cq4t",
                    "try again; copy the whole directory",
                    false,
                    null);
        }
        return Optional.of(new JournalInspector(files, metadata));
    }

    public Info info() throws JournalException {
        Recovered found = look();
        Cycle newest = newest(found);
        WatermarkFile.@Nullable Mark mark = mark();
        return new Info(
                Objects.requireNonNull(found.id()),
                newest.epoch(),
                Objects.requireNonNull(index.first()).header().previousSequence() + 1,
                readable(found, mark),
                index.size(),
                index.sealedBytes(files) + found.lastBytes(),
                found.tail().toTail(),
                found.catalog().newest());
    }

    /**
     * Gives the last frames, oldest first.
     *
     * @param count how many at most
     */
    public void tail(int count, Predicate<TableId> tables, Consumer<Frame> to) throws JournalException {
        Recovered found = look();
        aborted.clear();
        aborted.addAll(found.tail().aborted());
        found.catalog().newest().forEach(catalog::add);
        long readable = readable(found, mark());
        long oldest = Objects.requireNonNull(index.first()).header().previousSequence();
        closeWalkers();
        FrameWalker frames = newWalker();
        walker = frames;
        frames.seek(Math.max(oldest, readable - count));
        FrameWalker ahead = newWalker();
        scout = ahead;
        ahead.seek(readable);
        give(frames, readable, tables, to);
    }

    /**
     * Gives the frames that became readable since the last call of {@link #tail} or this one; does not wait.
     *
     * @return whether there were any
     */
    public boolean more(Predicate<TableId> tables, Consumer<Frame> to) throws JournalException {
        reopenAfterRestart();
        FrameWalker frames = walker;
        FrameWalker ahead = scout;
        if (frames == null || ahead == null) {
            throw new IllegalStateException("tail comes before more");
        }
        WatermarkFile.@Nullable Mark mark = mark();
        if (mark == null || mark.readable() <= frames.sequence()) {
            return false;
        }
        refreshIndex();
        // Parts are given up by a frame behind them: look there before they are shown.
        for (RawFrame raw = ahead.next(mark.readable()); raw != null; raw = ahead.next(mark.readable())) {
            if (raw.kind() == Frame.Kind.ABORT) {
                long from = raw.payload().varint();
                aborted.add(new SequenceRange(from, raw.payload().varint()));
            } else if (raw.kind() == Frame.Kind.CYCLE) {
                aborted.addAll(CycleHeader.read(raw.payload(), raw.format()).aborted());
            }
        }
        return give(frames, mark.readable(), tables, to);
    }

    private boolean give(FrameWalker frames, long readable, Predicate<TableId> tables, Consumer<Frame> to)
            throws JournalException {
        boolean any = false;
        for (RawFrame raw = frames.next(readable); raw != null; raw = frames.next(readable)) {
            long sequence = raw.sequence();
            if (raw.kind() != Frame.Kind.PART || aborted.stream().noneMatch(range -> range.contains(sequence))) {
                to.accept(decoder.decode(raw, tables));
                any = true;
            }
        }
        return any;
    }

    /** Every shape of every table that the journal still holds, oldest first. Reads every frame. */
    public List<Version> versions() throws JournalException {
        Recovered found = look();
        long end = readable(found, mark());
        Map<Integer, Version> versions = new LinkedHashMap<>();
        try (FrameWalker all = newWalker()) {
            all.seek(0);
            List<Version> undated = new ArrayList<>();
            for (RawFrame raw = all.next(end); raw != null; raw = all.next(end)) {
                switch (raw.kind()) {
                    case CYCLE -> refreshIndex();
                    case SCHEMA -> {
                        TableSchema schema = SchemaCodec.read(raw.payload());
                        if (!versions.containsKey(schema.id())) {
                            Version version = new Version(schema, raw.sequence(), "", 0);
                            versions.put(schema.id(), version);
                            undated.add(version);
                        }
                    }
                    case TRANSACTIONS, PART, SNAPSHOT -> {
                        if (!undated.isEmpty()) {
                            FramePrefix prefix = FramePrefix.read(raw.payload());
                            SourceOffset offset = prefix.offset();
                            String position =
                                    offset == null ? "" : offset.position().toString();
                            for (Version v : undated) {
                                versions.put(
                                        v.schema.id(),
                                        new Version(v.schema, v.sequence, position, prefix.sourceMicros()));
                            }
                            undated.clear();
                        }
                    }
                    default -> {}
                }
            }
        }
        return List.copyOf(versions.values());
    }

    /** Reads every frame: checksums and continuity. */
    public Verification verify() throws JournalException {
        Recovered found = look();
        WatermarkFile.@Nullable Mark mark = mark();
        long end = mark == null ? found.lastSequence() : mark.durable();
        long frames = 0;
        long bytes = 0;
        try (FrameWalker all = newWalker()) {
            all.seek(0);
            for (RawFrame raw = all.next(end); raw != null; raw = all.next(end)) {
                frames++;
                bytes += raw.bytes();
                if (raw.kind() == Frame.Kind.CYCLE) {
                    refreshIndex();
                }
            }
            return new Verification(frames, bytes, null);
        } catch (JournalException e) {
            return new Verification(frames, bytes, e.code() + ": " + e.getMessage());
        }
    }

    /** The agent makes Chronicle's listing of files anew when it starts; the old one knows nothing of new files. */
    private void reopenAfterRestart() throws JournalException {
        Object current = files.metadata();
        if (current == null || current.equals(metadata)) {
            return;
        }
        long sequence = walker == null ? -1 : walker.sequence();
        long ahead = scout == null ? -1 : scout.sequence();
        closeWalkers();
        queue.close();
        queue = Queues.readOnly(files.directory());
        metadata = current;
        if (sequence >= 0 && ahead >= 0) {
            refreshIndex();
            FrameWalker frames = newWalker();
            walker = frames;
            frames.seek(sequence);
            FrameWalker next = newWalker();
            scout = next;
            next.seek(ahead);
        }
    }

    private FrameWalker newWalker() {
        return new FrameWalker(new Cursor(queue), files, () -> index);
    }

    private Recovered look() throws JournalException {
        reopenAfterRestart();
        WatermarkFile.@Nullable Mark mark = mark();
        Recovered found = Recovery.recover(numbers(), queue, mark == null ? Long.MAX_VALUE : mark.durable());
        if (found.id() == null) {
            throw new JournalException(
                    "JOURNAL-CORRUPT",
                    "no file of the journal in " + files.directory() + " can be read",
                    "restore the directory from a copy, or move it away and take a new snapshot (tailrace snapshot)",
                    false,
                    null);
        }
        Cycle empty = found.empty();
        index = empty == null ? found.index() : found.index().with(empty);
        return found;
    }

    private static Cycle newest(Recovered found) {
        Cycle empty = found.empty();
        return Objects.requireNonNull(empty != null ? empty : found.index().last());
    }

    private static long readable(Recovered found, WatermarkFile.@Nullable Mark mark) {
        return mark == null ? found.lastSequence() : Math.min(mark.readable(), found.lastSequence());
    }

    /** Takes in files that were begun and forgets those that were deleted. */
    private void refreshIndex() throws JournalException {
        List<Cycle> cycles = new ArrayList<>();
        try (Cursor cursor = new Cursor(queue)) {
            for (int number : numbers()) {
                Cycle known = index.find(number);
                Cycle cycle = known != null ? known : Recovery.readBeginning(cursor, number);
                if (cycle != null) {
                    cycles.add(cycle);
                }
            }
        }
        index = CycleIndex.of(cycles);
    }

    private List<Integer> numbers() throws JournalException {
        try {
            return files.list();
        } catch (IOException e) {
            throw unreadable(files.directory(), e);
        }
    }

    private WatermarkFile.@Nullable Mark mark() throws JournalException {
        try {
            return WatermarkFile.read(files.directory());
        } catch (IOException e) {
            throw unreadable(files.directory(), e);
        }
    }

    private static JournalException unreadable(Path directory, IOException e) {
        return new JournalException(
                "JOURNAL-IO",
                "the journal in " + directory + " cannot be read: " + e,
                "run as the agent's user or as a member of its group",
                false,
                e);
    }

    private void closeWalkers() {
        if (walker != null) {
            walker.close();
        }
        if (scout != null) {
            scout.close();
        }
    }

    @Override
    public void close() {
        closeWalkers();
        queue.close();
    }
}
