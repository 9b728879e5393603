package dev.tailrace.sink.jdbc.postgres;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * One thread on which the next group of rows is made ready while the server executes the one before it. It never touches
 * the connection, and who started a task waits for it before leaving: a sink has nothing working when it returns.
 */
final class OneAhead implements AutoCloseable {
    private @Nullable ExecutorService thread;

    <T> FutureTask<T> start(Callable<T> task) {
        ExecutorService running = thread;
        if (running == null) {
            running = Executors.newSingleThreadExecutor(runnable -> {
                Thread made = new Thread(runnable, "sink-jdbc-encode");
                made.setDaemon(true);
                return made;
            });
            thread = running;
        }
        FutureTask<T> started = new FutureTask<>(task);
        running.execute(started);
        return started;
    }

    /**
     * Computes here what the thread has not begun, else waits for it, even when interrupted: a task takes no longer than
     * that. The interrupt stays.
     */
    static <T> T result(FutureTask<T> task) throws SQLException {
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
            if (cause instanceof SQLException failure) {
                throw failure;
            }
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            if (cause instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until the task has ended, however. */
    static void settle(FutureTask<?> task) {
        try {
            result(task);
        } catch (SQLException | RuntimeException e) {
            // Something else failed before its turn came; that is what is reported.
            return;
        }
    }

    @Override
    public void close() {
        ExecutorService running = thread;
        thread = null;
        if (running != null) {
            running.shutdown();
        }
    }
}
