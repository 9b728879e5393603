package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import net.openhft.chronicle.queue.ChronicleQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in files of Chronicle Queue: a new file at each start, behind whatever the last one left; never appended to
 * after a restart, because Chronicle does not mend a torn end.
 */
final class ChronicleJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(ChronicleJournal.class);
    /** So that the budget can be kept by deleting whole files. */
    private static final int CYCLES_IN_BUDGET = 8;

    private static final long SMALLEST_CYCLE = 1 << 20;
    /** Old files go in a quiet journal too, in which no new file is begun. */
    private static final Duration RETENTION_EVERY = Duration.ofMinutes(1);

    private final Object lock = new Object();
    private final ChronicleQueue queue;
    private final JournalState state;
    private final CycleWriter writer;
    private final WatermarkFile watermarkFile;
    private final FrameWriter frames;
    private final Retention retention;
    private final ChronicleAppender appender;
    private final JournalSettings settings;
    private final Tail recovered;
    private final InstantSource clock;
    private Instant retentionDue = Instant.MIN;

    private ChronicleJournal(
            ChronicleQueue queue,
            CycleClock cycles,
            JournalState state,
            WatermarkFile watermarkFile,
            JournalSettings settings,
            InstantSource clock) {
        long cycleSize = Math.min(
                settings.cycleSize().bytes(),
                Math.max(settings.maximumSize().bytes() / CYCLES_IN_BUDGET, SMALLEST_CYCLE));
        this.queue = queue;
        this.state = state;
        this.watermarkFile = watermarkFile;
        this.settings = settings;
        this.clock = clock;
        this.recovered = state.durableTail();
        this.writer = new CycleWriter(state.files, queue, cycles);
        this.frames = new FrameWriter(state, writer, watermarkFile, clock, cycleSize);
        this.retention = new Retention(state, frames, queue, settings, cycleSize, clock);
        this.appender = new ChronicleAppender(lock, state, frames, retention);
    }

    static ChronicleJournal open(Path directory, JournalSettings settings, InstantSource clock)
            throws JournalException {
        CycleFiles files = new CycleFiles(directory);
        ChronicleQueue queue = null;
        try {
            List<Integer> numbers = files.list();
            Preallocation.clean(directory);
            files.renewMetadata();
            CycleClock cycles = new CycleClock(numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1);
            queue = Queues.writable(directory, cycles);
            Recovered recovered = Recovery.recover(numbers, queue, Long.MAX_VALUE);
            WatermarkFile.Mark mark = WatermarkFile.read(directory);
            JournalState state = state(files, recovered, mark, numbers);
            Recovery.force(files, recovered);
            WatermarkFile watermarkFile = new WatermarkFile(directory);
            ChronicleJournal journal = new ChronicleJournal(queue, cycles, state, watermarkFile, settings, clock);
            try {
                journal.begin(recovered);
            } catch (JournalException | RuntimeException e) {
                journal.release();
                throw e;
            }
            return journal;
        } catch (IOException | RuntimeException | JournalException e) {
            if (queue != null) {
                queue.close();
            }
            throw e instanceof JournalException known ? known : DataDirectory.describe(directory, e);
        }
    }

    private static JournalState state(
            CycleFiles files, Recovered recovered, WatermarkFile.@Nullable Mark mark, List<Integer> numbers)
            throws JournalException {
        long durable = mark == null ? 0 : mark.durable();
        String id = recovered.id();
        if (id == null && !numbers.isEmpty() && durable > 0) {
            // I9: a journal that is gone is never replaced by an empty one in silence.
            throw new JournalException(
                    "JOURNAL-CORRUPT",
                    "no file of the journal in " + files.directory() + " can be read, though frames up to " + durable
                            + " were durable",
                    "restore the directory from a copy, or move it away and take a new snapshot (tailrace snapshot)",
                    true,
                    null);
        }
        if (durable > recovered.lastSequence()) {
            LOG.warn(
                    "the journal in {} ends at frame {}, though frames up to {} were durable: the disk lost them",
                    files.directory(),
                    recovered.lastSequence(),
                    durable);
        }
        // I6: grows at every start, even when the last one wrote nothing or its file was damaged.
        long epoch = Math.max(recovered.epoch(), mark == null ? 0 : mark.epoch()) + 1;
        long sequence = Math.max(recovered.lastSequence(), durable) + 1;
        return new JournalState(
                recovered,
                files,
                id == null ? UUID.randomUUID().toString() : id,
                epoch,
                new SecureRandom().nextLong(),
                sequence);
    }

    private void begin(Recovered recovered) throws JournalException {
        synchronized (lock) {
            state.watermark.publish(recovered.lastSequence(), recovered.kept().sequence(), Set.of());
            frames.writeWatermark(true);
            frames.begin(recovered.kept());
            frames.force();
            // Now that the new file stands for it, one of a start that wrote nothing can go.
            Cycle empty = recovered.empty();
            if (empty != null) {
                boolean deleted = state.files.file(empty.number()).toFile().delete();
                LOG.debug("file {} of a start that wrote nothing deleted: {}", empty.number(), deleted);
            }
        }
    }

    @Override
    public String id() {
        return state.id;
    }

    @Override
    public long epoch() {
        return state.epoch;
    }

    @Override
    public String token() {
        return state.starts().newest();
    }

    @Override
    public String tokenOf(long sequence) {
        return state.starts().tokenOf(sequence);
    }

    @Override
    public Tail recovered() {
        return recovered;
    }

    @Override
    public Tail durableTail() {
        return state.durableTail();
    }

    @Override
    public JournalAppender appender() {
        return appender;
    }

    @Override
    public JournalReader reader(long afterSequence, Predicate<TableId> tables) throws JournalException {
        FrameWalker walker = new FrameWalker(new Cursor(queue), state.files, state::index);
        FrameDecoder decoder = new FrameDecoder(state.catalog, () -> new Cursor(queue));
        ChronicleReader reader = new ChronicleReader(state, walker, decoder, tables);
        try {
            reader.seek(afterSequence);
            return reader;
        } catch (JournalException e) {
            reader.close();
            throw e;
        }
    }

    @Override
    public List<TableSchema> schemas() {
        return state.catalog.newest();
    }

    @Override
    public Map<String, String> schemaHistory() {
        return state.durableHistory();
    }

    @Override
    public void hold(String holder, long durableSequence) {
        retention.hold(holder, durableSequence);
    }

    @Override
    public void unhold(String holder) {
        retention.unhold(holder);
    }

    @Override
    public void holdersComplete() {
        retention.complete();
    }

    @Override
    public Space space() {
        synchronized (lock) {
            Instant now = clock.instant();
            boolean setBack = now.plus(RETENTION_EVERY).isBefore(retentionDue);
            if (retention.space() != Space.AVAILABLE || now.isAfter(retentionDue) || setBack) {
                retentionDue = now.plus(RETENTION_EVERY);
                try {
                    retention.apply();
                } catch (JournalException e) {
                    LOG.warn("{}: {} ({})", e.code(), e.getMessage(), e.remedy());
                }
            }
            return retention.spaceLeft();
        }
    }

    @Override
    public JournalStatus status() {
        synchronized (lock) {
            return new JournalStatus(
                    state.firstSequence(),
                    state.watermark.durable(),
                    state.watermark.readable(),
                    frames.bytes(),
                    retention.neededBytes(),
                    retention.usableBytes(),
                    retention.reserveBytes(),
                    settings.maximumSize().bytes(),
                    retention.lastSpace(),
                    retention.isHistoryCut(),
                    frames.bytesPerSecond(),
                    state.index().size());
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (state.isClosed()) {
                return;
            }
            try {
                frames.force();
            } catch (JournalException e) {
                LOG.warn("{}: {}; what was not fsynced is read from the source again", e.code(), e.getMessage());
            }
            release();
        }
    }

    private void release() {
        state.close();
        try {
            writer.close();
            watermarkFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing the journal in " + state.files.directory(), e);
        } finally {
            queue.close();
        }
    }
}
