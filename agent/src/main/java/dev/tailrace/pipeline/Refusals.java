package dev.tailrace.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The trip-wire: how many changes were refused in the last minute. Owned by the pipeline's thread. */
final class Refusals {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int most;
    private final Deque<Instant> times = new ArrayDeque<>();

    Refusals(int most) {
        this.most = most;
    }

    /** Counts one more; false when there are too many. */
    boolean count(Instant now) {
        if (!times.isEmpty() && times.peekLast().isAfter(now.plus(MINUTE))) {
            times.clear(); // the clock was set back, and not by the little that it always may be
        }
        while (!times.isEmpty() && !times.peekFirst().isAfter(now.minus(MINUTE))) {
            times.removeFirst();
        }
        times.addLast(now);
        return times.size() <= most;
    }

    /** An operator has looked at it. */
    void forget() {
        times.clear();
    }
}
