package dev.tailrace.pipeline;

import dev.tailrace.deadletter.Counts;
import dev.tailrace.sink.HeldTable;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the pipeline's thread knows of itself, readable by any thread. Written by that thread alone. */
final class PipelineProgress {
    /** Any frame may have something wanted. */
    static final LongSupplier UNKNOWN = () -> Long.MAX_VALUE;

    private volatile PipelineState state = PipelineState.STARTING;
    private volatile @Nullable PipelineError error;
    private volatile long applied;
    private volatile @Nullable List<HeldTable> held;
    private volatile Counts deadLetters = Counts.NONE;
    private volatile long inFlightEvents;
    private volatile long oldestCommitMicros;
    private volatile long readSequence;
    private volatile double eventsPerFrame = 1.0;
    private volatile long rounds;
    private volatile LongSupplier newest = UNKNOWN;

    void turned() {
        rounds = rounds + 1;
    }

    PipelineState state() {
        return state;
    }

    void state(PipelineState now) {
        state = now;
    }

    @Nullable
    PipelineError error() {
        return error;
    }

    void error(@Nullable PipelineError now) {
        error = now;
    }

    /** The tables held back, with what the sink said of them last; empty while that is not known. */
    List<HeldTable> held() {
        List<HeldTable> known = held;
        return known == null ? List.of() : known;
    }

    void held(List<HeldTable> now) {
        held = now;
    }

    void deadLetters(Counts now) {
        deadLetters = now;
    }

    void applied(long sequence) {
        applied = sequence;
    }

    /** @param oldestMicros commit time of the oldest change in flight, 0 when there is none */
    void inFlight(long events, long oldestMicros) {
        inFlightEvents = events;
        oldestCommitMicros = oldestMicros;
    }

    /** @param newestWanted behind that frame there is nothing wanted; asked by any thread */
    void follow(LongSupplier newestWanted) {
        newest = newestWanted;
    }

    void read(long sequence, double wantedPerFrame) {
        readSequence = sequence;
        eventsPerFrame = wantedPerFrame;
    }

    PipelineStatus status(PipelineSettings settings, long readableSequence, long nowMicros) {
        long unread = Math.max(0, Math.min(readableSequence, newest.getAsLong()) - readSequence);
        long pending = inFlightEvents + (long) Math.ceil(unread * eventsPerFrame);
        long oldest = oldestCommitMicros;
        long lag = oldest == 0 ? 0 : Math.max(0, nowMicros - oldest);
        return new PipelineStatus(
                settings.name(), settings.type(), state, applied, pending, lag, deadLetters, held, error, rounds);
    }
}
