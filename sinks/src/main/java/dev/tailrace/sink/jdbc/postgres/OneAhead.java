package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.sink.TaskAhead;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One thread on which the next group of rows is made ready while the server executes the one before it. It never touches
 * the connection, and who started a task waits for it before leaving: a sink has nothing working when it returns.
 */
final class OneAhead implements AutoCloseable {
    private @Nullable ExecutorService thread;

    <T> TaskAhead<T, SQLException> start(Callable<T> work) {
        ExecutorService running = thread;
        if (running == null) {
            running = Executors.newSingleThreadExecutor(runnable -> {
                Thread made = new Thread(runnable, "sink-jdbc-encode");
                made.setDaemon(true);
                return made;
            });
            thread = running;
        }
        TaskAhead<T, SQLException> started = new TaskAhead<>(SQLException.class, work);
        running.execute(started);
        return started;
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
