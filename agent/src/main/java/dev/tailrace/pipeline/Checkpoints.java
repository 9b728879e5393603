package dev.tailrace.pipeline;

import dev.tailrace.journal.Journal;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.SinkException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's side of one sink's checkpoint: what is durable at the target, what of it is stored, and what the journal
 * must keep. Owned by the pipeline's thread, but for {@link #holdStored}, which comes before it starts.
 *
 * <p>For a sink that keeps its own checkpoint the file is a note: it says how far the agent has passed frames without
 * wanted changes behind the target's checkpoint, so that an idle sink does not pin the journal.
 */
final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final Duration NOTE_EVERY = Duration.ofSeconds(1);

    private final CheckpointStore store;
    private final Journal journal;
    private final String sink;
    private final Duration every;
    private final InstantSource clock;
    private boolean targetKeepsOwn;
    private long durable;
    private long target;
    private String targetToken = "";
    private String position = "";
    private long stored = -1;
    private long heldAfter = Long.MAX_VALUE;
    private Instant lastStore = Instant.EPOCH;
    private boolean wrote;
    private boolean unstored;

    Checkpoints(CheckpointStore store, Journal journal, PipelineSettings settings, InstantSource clock) {
        this.store = store;
        this.journal = journal;
        this.sink = settings.name();
        this.every = settings.checkpointEvery();
        this.clock = clock;
    }

    /**
     * Keeps the journal from deleting what this sink may need, before the sink was ever reached (I4).
     *
     * @return the frame from which on everything is kept
     */
    long holdStored() {
        long sequence = 0;
        try {
            sequence = load().filter(this::isOfThisHistory)
                    .map(StoredCheckpoint::passed)
                    .orElse(0L);
        } catch (SinkException e) {
            // Reported when the pipeline's thread comes to it; until then everything is kept.
        }
        journal.hold(sink, sequence);
        return sequence;
    }

    private boolean isOfThisHistory(StoredCheckpoint checkpoint) {
        return checkpoint.journal().equals(journal.id())
                && checkpoint.token().equals(journal.tokenOf(checkpoint.passed()));
    }

    Optional<StoredCheckpoint> load() throws SinkException {
        try {
            return store.load();
        } catch (CheckpointStore.DamagedCheckpointException | NumberFormatException e) {
            throw SinkException.halt(
                    "PIPELINE-CHECKPOINT-DAMAGED",
                    String.valueOf(e.getMessage()),
                    "Put the file back from a copy, or remove " + store.file() + ": everything in the journal is then"
                            + " delivered to this sink again.",
                    e);
        } catch (IOException e) {
            throw SinkException.retry(
                    "PIPELINE-CHECKPOINT-IO", "The checkpoint " + store.file() + " cannot be read: " + e, e);
        }
    }

    String file() {
        return store.file().toString();
    }

    /** Begins behind that frame, for a sink that keeps its checkpoint at the target. */
    void beginBehindTarget(Optional<Checkpoint> found, long start) {
        targetKeepsOwn = true;
        target = found.map(Checkpoint::sequence).orElse(0L);
        targetToken = found.map(Checkpoint::token).orElse("");
        begin(start);
    }

    /** Begins behind that frame, for a sink that keeps no checkpoint. */
    void begin(long start) {
        durable = start;
        stored = -1;
        lastStore = Instant.EPOCH;
    }

    long durable() {
        return durable;
    }

    /** Whether that is the target's checkpoint as this process knows it. */
    boolean isTarget(Optional<Checkpoint> found) {
        return target == found.map(Checkpoint::sequence).orElse(0L)
                && targetToken.equals(found.map(Checkpoint::token).orElse(""));
    }

    /**
     * The journal keeps what is behind that frame, because changes of a held table wait there (I4).
     *
     * @param after the oldest hold's, {@link Long#MAX_VALUE} when there is none
     */
    void heldAfter(long after) {
        heldAfter = after;
    }

    /** Moves over changes that are durable at the target (I2). */
    void written(long sequence, String sourcePosition) {
        durable = sequence;
        target = sequence;
        targetToken = journal.tokenOf(sequence);
        position = sourcePosition;
        wrote = true;
        if (targetKeepsOwn) {
            journal.hold(sink, Math.min(sequence, heldAfter));
        }
        storeWhenDue();
    }

    /** Moves over frames without wanted changes; everything before them is durable. */
    void passed(long sequence, String sourcePosition) {
        durable = sequence;
        position = sourcePosition;
        storeWhenDue();
    }

    boolean isStored() {
        return stored == durable;
    }

    /** Stores what is not stored, unless that was done a moment ago. What was only passed is quickly passed once more. */
    void storeWhenDue() {
        Duration since = Duration.between(lastStore, clock.instant());
        Duration due = targetKeepsOwn || !wrote ? longest(NOTE_EVERY, every) : every;
        if (!isStored() && (since.isNegative() || since.compareTo(due) >= 0)) {
            storeOrGoOn();
        }
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /**
     * A checkpoint that cannot be stored, on a full disk, does not hold up delivery: what was stored before stays true, the
     * journal keeps what is behind it, and it is tried again when it is due (I2, I4).
     */
    private void storeOrGoOn() {
        try {
            storeNow();
            if (unstored) {
                LOG.info("the checkpoint of sink {} is stored again", sink);
                unstored = false;
            }
        } catch (SinkException e) {
            if (!unstored) {
                LOG.warn(
                        "{}: {}; delivery goes on, and after a crash what follows comes again",
                        e.code(),
                        e.getMessage());
                unstored = true;
            }
            lastStore = clock.instant();
        }
    }

    void storeNow() throws SinkException {
        // The note says up to where the journal may be deleted; while a table is held that stays where it was.
        if (isStored() || heldAfter < durable) {
            return;
        }
        try {
            String token = journal.tokenOf(durable);
            store.store(new StoredCheckpoint(
                    journal.id(),
                    durable,
                    token,
                    targetKeepsOwn ? target : durable,
                    targetKeepsOwn ? targetToken : token,
                    position));
        } catch (IOException e) {
            throw SinkException.retry(
                    "PIPELINE-CHECKPOINT-IO", "The checkpoint " + store.file() + " cannot be stored: " + e, e);
        }
        stored = durable;
        wrote = false;
        lastStore = clock.instant();
        journal.hold(sink, durable); // I4: what a restart would read again stays in the journal
    }
}
