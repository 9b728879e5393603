package dev.tailrace.pipeline;

import dev.tailrace.deadletter.Counts;
import dev.tailrace.sink.HeldTable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline at one moment.
 *
 * @param name the sink's configured name
 * @param type the sink's type
 * @param state what it is doing
 * @param appliedSequence last journal frame all of whose wanted changes are durable at the target; 0 before the first
 * @param pendingEvents wanted changes that are not durable at the target: exact for the frames read so far, and for those
 *     behind them estimated as number of frames times wanted changes a frame, as seen in this process
 * @param lagMicros age of the oldest wanted transaction known not to be durable, microseconds; 0 when caught up
 * @param deadLetters what was refused, and what waits behind it
 * @param held tables held back until somebody approves of a change of their shape; null before the sink was first opened
 *     since the start, because the target keeps them
 * @param lastError the error it has now, null when it has none
 * @param rounds grows with every round of its thread: one that stands still is inside of one call, at its target or in a wait
 */
public record PipelineStatus(
        String name,
        String type,
        PipelineState state,
        long appliedSequence,
        long pendingEvents,
        long lagMicros,
        Counts deadLetters,
        @Nullable List<HeldTable> held,
        @Nullable PipelineError lastError,
        long rounds) {
    public PipelineStatus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(state, "state");
    }
}
