package dev.tailrace.pipeline;

import java.util.Objects;

/**
 * What becomes of changes that a target refuses.
 *
 * @param policy what is set aside
 * @param perMinute more refusals than that in one minute are no bad records but a trouble of the target: the pipeline halts
 * @param most the pipeline takes no more as soon as so many changes wait
 * @param latestImage whether a later whole image of a row takes the place of what waits for it
 */
public record RejectSettings(Policy policy, int perMinute, int most, boolean latestImage) {
    public static final RejectSettings DEFAULT = new RejectSettings(Policy.PARK, 100, 1_000_000, false);

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
        if (most < 1) {
            throw new IllegalArgumentException("changes that may wait: " + most);
        }
    }
}
