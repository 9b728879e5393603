package dev.tailrace.pipeline;

import java.util.Objects;

/**
 * What becomes of changes that a target refuses.
 *
 * @param policy what is set aside
 * @param perMinute more refusals than that in one minute are no bad records but a trouble of the target: the pipeline halts
 */
public record RejectSettings(Policy policy, int perMinute) {
    public static final RejectSettings DEFAULT = new RejectSettings(Policy.PARK, 100);

    /** What is set aside when a change is refused. */
    public enum Policy {
        /** That change and all later ones of its row. */
        PARK,
        /** All changes of its source transaction and all later ones of their rows. */
        PARK_TRANSACTION,
        /** Nothing: the pipeline halts. */
        HALT
    }

    public RejectSettings {
        Objects.requireNonNull(policy, "policy");
        if (perMinute < 1) {
            throw new IllegalArgumentException("refusals a minute: " + perMinute);
        }
    }
}
