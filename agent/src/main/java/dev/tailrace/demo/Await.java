package dev.tailrace.demo;

import dev.tailrace.lifecycle.StopSignal;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Waiting for a condition with a deadline, looking every so often. */
public final class Await {
    private static final Duration LOOK = Duration.ofMillis(100);

    private Await() {}

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Returns once the condition holds.
     *
     * @param what is waited for, for the message
     * @throws TimeoutException when it does not hold within that time
     */
    public static void until(String what, Duration atMost, Condition condition) throws Exception {
        StopSignal never = new StopSignal();
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("after " + atMost.toSeconds() + " s still not: " + what);
            }
            never.pause(LOOK);
        }
    }
}
