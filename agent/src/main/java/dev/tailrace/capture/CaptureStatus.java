package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import org.jspecify.annotations.Nullable;

/**
 * The capture at one moment.
 *
 * @param state what it is doing
 * @param position the newest position that is durable in the journal, in the source's own words; empty before the first
 * @param lagMicros how far the journal is behind the source's commits, in microseconds; -1 when unknown
 * @param snapshot progress of the initial snapshot while it runs
 * @param log what the source keeps of its log for us; null while that is unknown
 * @param lastError why it waits or halted; null when all is well
 */
public record CaptureStatus(
        State state,
        String position,
        long lagMicros,
        @Nullable SnapshotProgress snapshot,
        @Nullable SourceLog log,
        @Nullable Finding lastError) {

    /** What the capture is doing. */
    public enum State {
        /** Checking the source and starting the engine. */
        STARTING,
        /** Reading the initial snapshot. */
        SNAPSHOT,
        /** Following the source's log. */
        STREAMING,
        /** The source cannot be reached; it tries again by itself. */
        WAITING,
        /** The journal may not grow; it goes on by itself when there is room (I4). */
        BLOCKED,
        /** Only an operator can mend what {@code lastError} says. */
        HALTED,
        /** Closed. */
        STOPPED
    }
}
