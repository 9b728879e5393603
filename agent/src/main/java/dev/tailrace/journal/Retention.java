package dev.tailrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.openhft.chronicle.queue.ChronicleQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which files go: those that every holder has passed, when they are older than the retention or space is needed (I4).
 * Deleting is guarded by the journal's lock; holders may be told from any thread.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    /** Below this nothing is written whatever the settings say: checkpoints and the next file need room, too. */
    private static final long SMALLEST_RESERVE = 8L << 20;

    /** After a wait this part of the limit has to be free again, so that capture does not stop and go by the batch. */
    private static final int HEADROOM_PART = 8;

    private final JournalState state;
    private final FrameWriter frames;
    private final ChronicleQueue queue;
    private final JournalSettings settings;
    private final long cycleSize;
    private final InstantSource clock;
    private final Map<String, Long> holders = new ConcurrentHashMap<>();
    private volatile boolean complete;
    private volatile Space last = Space.AVAILABLE;
    private volatile boolean historyCut;

    Retention(
            JournalState state,
            FrameWriter frames,
            ChronicleQueue queue,
            JournalSettings settings,
            long cycleSize,
            InstantSource clock) {
        this.state = state;
        this.frames = frames;
        this.queue = queue;
        this.settings = settings;
        this.cycleSize = cycleSize;
        this.clock = clock;
    }

    void hold(String holder, long durableSequence) {
        holders.put(holder, durableSequence);
    }

    void unhold(String holder) {
        holders.remove(holder);
    }

    void complete() {
        complete = true;
    }

    Space space() {
        if (usableBytes() < reserve()) {
            return Space.DISK_RESERVE;
        }
        return frames.bytes() < budget() ? Space.AVAILABLE : Space.BUDGET_USED;
    }

    /** The same behind {@link #apply}, when nothing more can be deleted: what capture goes by. */
    Space spaceLeft() {
        Space space = space();
        last = space == Space.BUDGET_USED && onlyGrowthFrees() ? Space.AVAILABLE : space;
        return last;
    }

    /** What capture was last told. */
    Space lastSpace() {
        return last;
    }

    long reserveBytes() {
        return Math.max(settings.reserve().bytes(), SMALLEST_RESERVE);
    }

    private long reserve() {
        long reserve = reserveBytes();
        return last == Space.DISK_RESERVE ? reserve + reserve / HEADROOM_PART : reserve;
    }

    private long budget() {
        long budget = settings.maximumSize().bytes();
        return last == Space.BUDGET_USED ? budget - budget / HEADROOM_PART : budget;
    }

    /** What some holder still needs; the rest is history, which goes first. */
    long neededBytes() {
        return frames.bytes() - (complete ? state.index().bytesBefore(passed(), state.files) : 0);
    }

    /**
     * When every holder has passed all that is readable, waiting for them frees nothing: what is left is the file being
     * written and the parts of a transaction that no reader may see before its end (I5). A transaction larger than the
     * budget would otherwise block capture for ever.
     */
    private boolean onlyGrowthFrees() {
        long readable = state.watermark.readable();
        return complete && holders.values().stream().allMatch(held -> held >= readable);
    }

    long usableBytes() {
        return state.files.directory().toFile().getUsableSpace();
    }

    /** Deletes what may go, oldest first, so that a crash in between leaves no hole. */
    void apply() throws JournalException {
        // I4: a sink that has not come up yet may need everything.
        if (!complete) {
            return;
        }
        boolean deleted = false;
        try {
            Cycle first = state.index().first();
            Cycle second = first == null ? null : state.index().after(first.number());
            while (first != null && second != null && mayGo(second)) {
                historyCut = !isOld(second);
                delete(second.number());
                state.index(state.index().without(first));
                frames.countBytes();
                deleted = true;
                first = second;
                second = state.index().after(first.number());
            }
            if (deleted) {
                Directories.force(state.files.directory());
                queue.refreshDirectoryListing();
            }
        } catch (IOException e) {
            throw new JournalException(
                    "JOURNAL-IO",
                    "an old journal file in " + state.files.directory() + " could not be deleted: " + e,
                    "check the directory's owner and the disk",
                    false,
                    e);
        }
    }

    /** Every holder has passed up to here. */
    private long passed() {
        long passed = state.watermark.readable();
        for (long held : holders.values()) {
            passed = Math.min(passed, held);
        }
        return passed;
    }

    private boolean mayGo(Cycle successor) {
        CycleHeader end = successor.header();
        if (end.previousSequence() > passed()) {
            return false;
        }
        boolean needed = frames.bytes() + cycleSize > budget() || usableBytes() < reserve();
        return needed || isOld(successor);
    }

    private boolean isOld(Cycle successor) {
        Instant sealed = Instant.EPOCH.plus(successor.header().createdMicros(), ChronoUnit.MICROS);
        return Duration.between(sealed, clock.instant()).compareTo(settings.retention()) > 0;
    }

    /** Whether the last file that went was younger than the retention. */
    boolean isHistoryCut() {
        return historyCut;
    }

    private void delete(int before) throws IOException {
        for (int cycle : state.files.list()) {
            if (cycle < before) {
                Path file = state.files.file(cycle);
                Files.deleteIfExists(file);
                LOG.info("deleted journal file {}: every sink has passed it", file.getFileName());
            }
        }
    }
}
