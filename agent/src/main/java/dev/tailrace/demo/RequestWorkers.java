package dev.tailrace.demo;

import dev.tailrace.lifecycle.Worker;
import dev.tailrace.lifecycle.WorkerRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Threads for a {@link Receiver}. Any thread. */
public final class RequestWorkers implements Executor, AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final BlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();
    private final List<WorkerRunner> runners = new ArrayList<>();

    private RequestWorkers() {}

    /** @param name begins the threads' names */
    public static RequestWorkers start(String name, int threads) {
        RequestWorkers workers = new RequestWorkers();
        for (int i = 1; i <= threads; i++) {
            workers.runners.add(new WorkerRunner(
                    workers.new RequestWorker(name + "-" + i),
                    Duration.ZERO,
                    (role, failure) -> System.err.println(role + " ended: " + failure)));
        }
        workers.runners.forEach(WorkerRunner::start);
        return workers;
    }

    @Override
    public void execute(Runnable request) {
        requests.add(request);
    }

    @Override
    public void close() {
        runners.forEach(runner -> runner.stopSignal().raise());
        runners.forEach(runner -> runner.close(CLOSING));
    }

    private final class RequestWorker implements Worker {
        private final String name;

        RequestWorker(String name) {
            this.name = name;
        }

        @Override
        public String roleName() {
            return name;
        }

        @Override
        public boolean doWork() throws InterruptedException {
            Runnable request = requests.poll(200, TimeUnit.MILLISECONDS);
            if (request != null) {
                request.run();
            }
            return true;
        }
    }
}
