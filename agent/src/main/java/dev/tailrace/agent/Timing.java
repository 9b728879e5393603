package dev.tailrace.agent;

import java.time.Duration;

/**
 * The agent's own times. Together the bounds of a stop stay below the 60 seconds that the systemd unit allows.
 *
 * @param drain how long a stop lets the pipelines deliver what is readable
 * @param close for each of capture, all pipelines together, and the journal
 * @param tick how often the supervisor looks
 * @param progress how often a running snapshot is logged
 */
public record Timing(Duration drain, Duration close, Duration tick, Duration progress) {
    /** What {@code run} uses. */
    public static final Timing STANDARD =
            new Timing(Duration.ofSeconds(20), Duration.ofSeconds(12), Duration.ofMillis(500), Duration.ofSeconds(10));
}
