package dev.tailrace.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A fixed number of threads that take tasks from a queue; one task too many is refused. What a task throws is told, and
 * its thread goes on; an error ends it. Any thread.
 */
public final class WorkerPool implements Executor, AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final BlockingQueue<Runnable> tasks;
    private final WorkerFailure onFailure;
    private final List<WorkerRunner> runners;

    /**
     * Starts the threads.
     *
     * @param name begins their names
     * @param waiting tasks in the queue at most
     * @param onFailure called on the thread whose task failed
     */
    public WorkerPool(String name, int threads, int waiting, WorkerFailure onFailure) {
        this.tasks = new LinkedBlockingQueue<>(waiting);
        this.onFailure = onFailure;
        this.runners = IntStream.rangeClosed(1, threads)
                .mapToObj(i -> new WorkerRunner(new TaskWorker(name + "-" + i), Duration.ZERO, onFailure))
                .toList();
        runners.forEach(WorkerRunner::start);
    }

    @Override
    public void execute(Runnable task) {
        if (!tasks.offer(task)) {
            throw new RejectedExecutionException("too many tasks at once");
        }
    }

    /** Lets the tasks under way finish, within a second each. */
    @Override
    public void close() {
        runners.forEach(runner -> runner.stopSignal().raise());
        runners.forEach(runner -> runner.close(CLOSING));
    }

    private final class TaskWorker implements Worker {
        private final String name;

        TaskWorker(String name) {
            this.name = name;
        }

        @Override
        public String roleName() {
            return name;
        }

        @Override
        public boolean doWork() throws InterruptedException {
            Runnable task = tasks.poll(200, TimeUnit.MILLISECONDS);
            if (task != null) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    onFailure.failed(name, e);
                }
            }
            return true;
        }
    }
}
