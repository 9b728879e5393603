package dev.tailrace.pipeline;

import dev.tailrace.lifecycle.BoundedClose;
import dev.tailrace.lifecycle.Worker;
import dev.tailrace.lifecycle.WorkerFailure;
import dev.tailrace.lifecycle.WorkerRunner;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which a pipeline reads ahead, started when it first has something to read. One thread hands in a task at
 * a time and waits for it before the next one.
 */
final class ReadingThread implements Executor, BoundedClose {
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final AtomicReference<@Nullable Runnable> waiting = new AtomicReference<>();
    private final WorkerRunner runner;
    private boolean started;

    ReadingThread(String name, WorkerFailure onFailure) {
        this.runner = new WorkerRunner(new Reading(name), UNTIL_WOKEN, onFailure);
    }

    @Override
    public void execute(Runnable task) {
        waiting.set(task);
        if (!started) {
            started = true;
            runner.start();
        }
        runner.wake();
    }

    @Override
    public boolean close(Duration atMost) {
        return runner.close(atMost);
    }

    private final class Reading implements Worker {
        private final String name;

        Reading(String name) {
            this.name = name;
        }

        @Override
        public String roleName() {
            return name;
        }

        @Override
        public boolean doWork() {
            Runnable task = waiting.getAndSet(null);
            if (task != null) {
                task.run();
            }
            return task != null;
        }
    }
}
