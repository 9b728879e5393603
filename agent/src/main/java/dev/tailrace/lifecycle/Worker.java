package dev.tailrace.lifecycle;

/**
 * What one thread of the agent does: a duty cycle that a {@link WorkerRunner} repeats until it is closed or fails.
 *
 * <p>All methods but {@link #roleName} are called on the worker's own thread, which owns every mutable state of the
 * worker. {@code onClose} is called exactly once when {@code onStart} was called, also when that failed.
 */
public interface Worker {

    /** The thread's name. Stable, unique within the agent. */
    String roleName();

    default void onStart() throws Exception {}

    /**
     * One round. It is short, or waits in ways that an interrupt ends.
     *
     * @return whether it did something; after a round without work the runner idles
     * @throws Exception which ends the worker: an error that may pass is handled inside
     */
    boolean doWork() throws Exception;

    default void onClose() {}
}
