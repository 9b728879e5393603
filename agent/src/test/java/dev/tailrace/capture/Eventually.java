package dev.tailrace.capture;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Awaits a condition, with a deadline that only a broken build reaches. */
public final class Eventually {
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    private Eventually() {}

    public static void await(Supplier<String> state, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE + "; it is " + state.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
