package dev.tailrace.agent;

import org.jspecify.annotations.Nullable;

/** Why the agent did not start, with a stable code and a remedy. What failed while undoing the start is suppressed in it. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String remedy;
    private final boolean mendedByTime;

    StartException(String code, String message, String remedy, boolean mendedByTime, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.remedy = remedy;
        this.mendedByTime = mendedByTime;
    }

    public String code() {
        return code;
    }

    public String remedy() {
        return remedy;
    }

    /** Whether another attempt may succeed without an operator. */
    public boolean mendedByTime() {
        return mendedByTime;
    }
}
