package dev.tailrace.lifecycle;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Waiting times after failures in a row: doubling from the first to the cap with equal jitter, so that half of each is
 * certain and the other half random. Full jitter can collapse to near zero and hammer a target that is down.
 *
 * <p>Owned by one thread.
 */
public final class Backoff {
    private final long firstNanos;
    private final long capNanos;
    private final RandomGenerator random;
    private int failures;

    /** @throws IllegalArgumentException unless {@code 0 < first <= cap} */
    public Backoff(Duration first, Duration cap, RandomGenerator random) {
        if (first.isNegative() || first.isZero() || first.compareTo(cap) > 0) {
            throw new IllegalArgumentException("back-off from " + first + " to " + cap);
        }
        this.firstNanos = first.toNanos();
        this.capNanos = cap.toNanos();
        this.random = Objects.requireNonNull(random, "random");
    }

    /** Counts one more failure and says how long to wait after it. */
    public Duration next() {
        return wait(failures++, firstNanos, capNanos, random);
    }

    /** The wait after that many failures and one more, for a count that is kept elsewhere. */
    public static Duration after(int failures, Duration first, Duration cap, RandomGenerator random) {
        return wait(failures, first.toNanos(), cap.toNanos(), random);
    }

    private static Duration wait(int failures, long firstNanos, long capNanos, RandomGenerator random) {
        long whole = firstNanos;
        for (int i = 0; i < failures && whole < capNanos; i++) {
            whole = whole > capNanos / 2 ? capNanos : whole * 2;
        }
        long half = whole / 2;
        return Duration.ofNanos(half + random.nextLong(whole - half + 1));
    }

    /** Forgets the failures: the next wait is a first one. */
    public void reset() {
        failures = 0;
    }

    /** Failures since the last {@link #reset}. */
    public int failures() {
        return failures;
    }
}
