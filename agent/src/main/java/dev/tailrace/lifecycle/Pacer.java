package dev.tailrace.lifecycle;

import java.time.Duration;

/** Waiting that can be cut short. The agent's is a {@link StopSignal}; tests hand in one that does not wait. */
@FunctionalInterface
public interface Pacer {

    /**
     * Waits until the time has passed, somebody wakes the waiter, or it is told to stop.
     *
     * @return false when it is told to stop
     */
    boolean pause(Duration atMost) throws InterruptedException;
}
