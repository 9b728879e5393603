package dev.tailrace.lifecycle;

import java.time.Duration;

/** Time that passes, whatever is done to the clock meanwhile. One thread. */
public final class Stopwatch {
    private long since = System.nanoTime();

    /** Since it was made, or since the last lap. */
    public Duration read() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /** The same, and begins anew. */
    public Duration lap() {
        long now = System.nanoTime();
        Duration lap = Duration.ofNanos(now - since);
        since = now;
        return lap;
    }
}
