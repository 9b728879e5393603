package dev.tailrace.lifecycle;

import java.time.Duration;

/** Something that stops within a given time, or says that it did not. */
@FunctionalInterface
public interface BoundedClose {

    /**
     * Stops. An interrupt of the caller shortens the wait.
     *
     * @return false when it still ran when the time was up
     */
    boolean close(Duration atMost) throws Exception;
}
