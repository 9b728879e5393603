package dev.tailrace.sink;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that another thread may begin before its result is needed. Whoever needs the result does by itself what the other
 * thread has not begun, else waits for it, even when interrupted, because such work is short; the interrupt stays.
 *
 * @param <E> how it fails
 */
public final class TaskAhead<T, E extends Exception> implements Runnable {
    private final FutureTask<T> task;
    private final Class<E> failure;

    public TaskAhead(Class<E> failure, Callable<T> work) {
        this.task = new FutureTask<>(work);
        this.failure = failure;
    }

    /** For the other thread, if it ever gets to it. */
    @Override
    public void run() {
        task.run();
    }

    public T result() throws E {
        task.run(); // does nothing where it has begun
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (failure.isInstance(cause)) {
                throw failure.cast(cause);
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for its end where the result is no longer wanted; nor is its failure, which whoever does it again meets. */
    public void settle() {
        try {
            result();
        } catch (Exception e) {
            return;
        }
    }
}
