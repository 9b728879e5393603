package dev.tailrace.agent;

import dev.tailrace.admin.StatusReport.Problem;
import org.jspecify.annotations.Nullable;

/**
 * How an agent came to its end.
 *
 * @param kind what a supervisor outside has to do about it
 * @param problem the error behind it, null for an ordinary stop
 * @param clean whether every part stopped in time
 */
public record Ending(Kind kind, @Nullable Problem problem, boolean clean) {

    /** Kinds of endings. */
    public enum Kind {
        /** Somebody asked for it. */
        STOPPED,
        /** Something broke inside; a new start recovers (I8). */
        FAILED,
        /** The source needs an operator; a new start would end the same way (I9). */
        HALTED
    }
}
