package dev.tailrace.journal;

import dev.tailrace.event.TableSchema;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.ChronicleQueue;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of the journal: reads the newest file forward up to the first damage, of all others only the beginning.
 *
 * <p>A file's beginning is fsynced after all of the file before it, so the newest file whose beginning is intact has everything
 * durable before it; newer ones never held a durable frame.
 */
final class Recovery {
    private final long upTo;
    private final TailState tail = new TailState();
    private final SchemaCatalog catalog = new SchemaCatalog();
    private final List<Cycle> cycles = new ArrayList<>();
    private int nextSchemaId = 1;
    private long lastSequence;
    private long bytes;
    private boolean onlyBeginning = true;

    private Recovery(long upTo) {
        this.upTo = upTo;
    }

    /**
     * @param numbers of the files, ascending
     * @param upTo newest frame to look at, for an observer of a journal that is being written
     */
    static Recovered recover(List<Integer> numbers, ChronicleQueue queue, long upTo) {
        return new Recovery(upTo).recover(numbers, queue);
    }

    private Recovered recover(List<Integer> numbers, ChronicleQueue queue) {
        try (Cursor cursor = new Cursor(queue)) {
            Cycle last = null;
            for (int i = numbers.size() - 1; i >= 0; i--) {
                if (last == null) {
                    last = scan(cursor, numbers.get(i));
                } else {
                    Cycle cycle = readBeginning(cursor, numbers.get(i));
                    if (cycle != null
                            && cycle.header().journalId().equals(last.header().journalId())) {
                        cycles.add(cycle);
                    }
                }
            }
            return result(last);
        }
    }

    private Recovered result(@Nullable Cycle last) {
        if (last == null) {
            return new Recovered(
                    null, 0, tail, catalog, CycleIndex.of(List.of()), 0, new Recovered.End(-1, 0, 0), 0, 1, null);
        }
        if (tail.partsFrom() != 0) {
            // I5: the source sends the transaction again, whole; its parts are never read.
            tail.abort(lastSequence, new SequenceRange(tail.partsFrom(), lastSequence));
        }
        CycleHeader header = last.header();
        Recovered.End kept;
        if (onlyBeginning) {
            kept = new Recovered.End(header.previousCycle(), header.previousSequence(), header.previousBytes());
        } else {
            kept = new Recovered.End(last.number(), lastSequence, bytes);
            cycles.add(last);
        }
        return new Recovered(
                header.journalId(),
                last.epoch(),
                tail,
                catalog,
                CycleIndex.of(cycles),
                lastSequence,
                kept,
                bytes,
                nextSchemaId,
                onlyBeginning ? last : null);
    }

    static @Nullable Cycle readBeginning(Cursor cursor, int number) {
        try {
            RawFrame frame = cursor.moveTo(number, 0) ? cursor.read() : null;
            if (frame == null || frame.kind() != Frame.Kind.CYCLE) {
                return null;
            }
            return new Cycle(
                    number, frame.sequence(), frame.epoch(), CycleHeader.read(frame.payload(), frame.format()));
        } catch (DamagedFrameException | RuntimeException e) {
            return null;
        }
    }

    /** Reads a whole file; null, and nothing remembered of it, when its beginning is not complete. */
    private @Nullable Cycle scan(Cursor cursor, int number) {
        Cycle cycle = readBeginning(cursor, number);
        if (cycle == null || cycle.firstSequence() + cycle.header().framesBehind() > upTo) {
            return null;
        }
        long sequence = cycle.firstSequence();
        long end = cursor.fileOffset();
        List<TableSchema> schemas = new ArrayList<>();
        HistoryCodec.Entry history = null;
        try {
            while (schemas.size() < cycle.header().schemas()) {
                RawFrame frame = cursor.read();
                if (frame == null || frame.kind() != Frame.Kind.SCHEMA || frame.sequence() != sequence + 1) {
                    return null;
                }
                schemas.add(SchemaCodec.read(frame.payload()));
                sequence = frame.sequence();
                end = cursor.fileOffset();
            }
            if (cycle.header().history()) {
                RawFrame frame = cursor.read();
                if (frame == null || frame.kind() != Frame.Kind.SCHEMA_HISTORY || frame.sequence() != sequence + 1) {
                    return null;
                }
                history = HistoryCodec.read(frame.payload());
                sequence = frame.sequence();
                end = cursor.fileOffset();
            }
        } catch (DamagedFrameException | RuntimeException e) {
            return null;
        }
        schemas.forEach(catalog::add);
        nextSchemaId = cycle.header().nextSchemaId();
        tail.cycle(sequence, cycle.header());
        if (history != null) {
            tail.history(sequence, history);
        }
        lastSequence = sequence;
        bytes = end;
        scanFrames(cursor, cycle);
        return cycle;
    }

    private void scanFrames(Cursor cursor, Cycle cycle) {
        try {
            for (RawFrame frame = cursor.read(); frame != null; frame = cursor.read()) {
                if (frame.sequence() > upTo || frame.sequence() != lastSequence + 1 || frame.epoch() != cycle.epoch()) {
                    return;
                }
                apply(frame);
                lastSequence = frame.sequence();
                bytes = cursor.fileOffset();
            }
        } catch (DamagedFrameException e) {
            // The first damage is the end; what is behind it was never fsynced as a whole.
            return;
        }
    }

    private void apply(RawFrame frame) {
        long sequence = frame.sequence();
        FrameInput in = frame.payload();
        switch (frame.kind()) {
            case TRANSACTIONS, PART, SNAPSHOT, OFFSET -> {
                tail.apply(frame.kind(), sequence, FramePrefix.read(in));
                onlyBeginning = false;
            }
            case SCHEMA -> {
                TableSchema schema = SchemaCodec.read(in);
                catalog.add(schema);
                nextSchemaId = Math.max(nextSchemaId, schema.id() + 1);
                tail.pass(sequence);
            }
            case START -> tail.start(sequence, OffsetCodec.readMap(in));
            case ABORT -> {
                long from = in.varint();
                tail.abort(sequence, new SequenceRange(from, in.varint()));
                onlyBeginning = false;
            }
            case SCHEMA_HISTORY -> {
                tail.history(sequence, HistoryCodec.read(in));
                onlyBeginning = false;
            }
            case CYCLE -> tail.pass(sequence);
        }
    }

    /**
     * Makes durable what recovery read: after a kill -9 it may have come from the page cache alone, and the tail that the
     * source is told must not be lost after that (I1).
     */
    static void force(CycleFiles files, Recovered recovered) throws IOException {
        Cycle last = recovered.index().last();
        for (Cycle cycle : new @Nullable Cycle[] {last, recovered.empty()}) {
            if (cycle != null) {
                try (FileChannel channel = FileChannel.open(
                        files.file(cycle.number()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
        Directories.force(files.directory());
    }
}
