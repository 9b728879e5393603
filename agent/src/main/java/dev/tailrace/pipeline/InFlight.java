package dev.tailrace.pipeline;

import dev.tailrace.event.TableId;
import dev.tailrace.journal.JournalException;
import dev.tailrace.sink.SinkException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was taken from the journal and is not durable at the target: one batch that is being written, kept as it is until
 * that worked (I3), and before it the parts of a big transaction that the target has taken but not completed. Owned by the
 * pipeline's thread.
 */
final class InFlight {
    private final DeliveryParts parts;
    private final PipelineProgress progress;
    private @Nullable ReadAhead reader;
    private @Nullable Portion frozen;
    private final PendingParts pending = new PendingParts();
    private final BatchReach reach;
    private double eventsPerFrame = 1.0;

    InFlight(DeliveryParts parts) {
        this.parts = parts;
        this.progress = parts.progress();
        this.reach = new BatchReach(parts.settings().widest());
    }

    /** Whether a place in the journal was found; not again after {@link #close}. */
    boolean hasBegun() {
        return reader != null;
    }

    /** Forgets everything and reads behind that frame. */
    void begin(long sequence) throws JournalException {
        forget();
        close();
        PortionReader frames = open(sequence);
        reader = new ReadAhead(frames, parts.reading());
        progress.follow(frames::newest);
        progress.read(sequence, 1.0);
        show();
    }

    /** The batch that waits to become durable. */
    @Nullable
    Portion frozen() {
        return frozen;
    }

    /** The batch that waits, or else the next frames; null when there are none yet. */
    @Nullable
    Portion take() throws JournalException {
        return frozen != null ? frozen : read(begun());
    }

    boolean awaitMore(Duration atMost) throws InterruptedException {
        return begun().awaitMore(atMost);
    }

    /** The target took a part of a transaction that a later part completes. */
    void pending(Portion part) {
        pending.add(part);
        frozen = null;
        show();
    }

    boolean isEmpty() {
        return frozen == null && !isTransactionOpen();
    }

    /** Whether the target has taken parts of a transaction that is not complete. */
    boolean isTransactionOpen() {
        return !pending.isEmpty();
    }

    /** The portion is durable at the target; returned are its changes and those of the parts that became so with it. */
    Map<TableId, Portion.Share> settle(Portion durable) {
        pending.add(durable);
        Map<TableId, Portion.Share> done = pending.shares();
        forget();
        show();
        return done;
    }

    /** The target rolled back its open transaction: it is read again from its start, behind that frame (I3). */
    void rewindPending(long durable) throws JournalException {
        if (isTransactionOpen()) {
            forget();
            begun().rewind(durable);
        }
        show();
    }

    /** The portion became durable, which took the target so long. */
    void took(Portion portion, Duration time) {
        reach.took(portion, time);
    }

    /**
     * Takes the batch that waits for one that may have been too large, and reads it again in smaller ones; only when the
     * target holds nothing of it. Whether there was such a batch.
     */
    boolean narrow() throws JournalException {
        Portion failed = frozen;
        boolean wide = failed != null && failed.reach() > 1;
        reach.failed(wide);
        if (!wide || failed == null || isTransactionOpen()) {
            return false;
        }
        long after = failed.written().after();
        forget();
        begun().rewind(after);
        progress.read(after, eventsPerFrame);
        show();
        return true;
    }

    /** While the sink is away, what waits for it is still known: its lag and its number. */
    void lookAhead(Checkpoints checkpoints) {
        try {
            if (!isEmpty()) {
                return;
            }
            if (hasBegun()) {
                take();
            } else {
                peek(checkpoints.load().map(StoredCheckpoint::passed).orElse(0L));
            }
        } catch (JournalException | SinkException | RuntimeException e) {
            readAgain(checkpoints.durable());
            parts.log().debug("{}: the waiting changes cannot be counted", parts.pipeline(), e);
        }
    }

    /** What the reader had passed when it failed was taken by nobody. */
    private void readAgain(long durable) {
        try {
            if (reader != null) {
                reader.rewind(durable);
            }
        } catch (JournalException | RuntimeException e) {
            parts.log().debug("{}: the journal cannot be read", parts.pipeline(), e);
            close();
        }
    }

    /** Shows what waits behind that frame, before a place was found. */
    private void peek(long sequence) throws JournalException {
        try (PortionReader glance = open(sequence)) {
            Portion first = glance.next();
            progress.read(sequence, glance.eventsPerFrame());
            progress.inFlight(0, first == null ? 0 : first.oldestCommitMicros());
        }
    }

    /** What the reader had read ahead is lost; what is in flight stays. */
    void close() {
        if (reader != null) {
            reader.close();
            reader = null;
            progress.follow(PipelineProgress.UNKNOWN);
        }
    }

    private @Nullable Portion read(ReadAhead frames) throws JournalException {
        ReadAhead.Step step = frames.next();
        Portion portion = step.portion();
        eventsPerFrame = step.eventsPerFrame();
        progress.read(step.readSequence(), eventsPerFrame);
        if (portion != null && portion.batch() != null) {
            frozen = portion;
        }
        show();
        return portion;
    }

    private PortionReader open(long sequence) throws JournalException {
        return new PortionReader(
                parts.journal().reader(sequence, parts.tables()), sequence, parts.journal(), parts.settings(), reach);
    }

    private ReadAhead begun() {
        return Objects.requireNonNull(reader, "no place in the journal was found yet");
    }

    private void forget() {
        pending.clear();
        frozen = null;
    }

    private void show() {
        long events = pending.events() + (frozen == null ? 0 : frozen.events());
        long oldest =
                !pending.isEmpty() ? pending.oldestCommitMicros() : frozen == null ? 0 : frozen.oldestCommitMicros();
        progress.inFlight(events, oldest);
    }
}
