package dev.tailrace.admin;

import dev.tailrace.lifecycle.Worker;
import dev.tailrace.lifecycle.WorkerRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fixed number of workers that take requests from a short queue; one request too many is refused, which makes the
 * server drop its connection.
 */
final class RequestPool implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestPool.class);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final BlockingQueue<Runnable> requests;
    private final List<WorkerRunner> workers = new ArrayList<>();

    RequestPool(int threads, int waiting) {
        requests = new ArrayBlockingQueue<>(waiting);
        for (int i = 1; i <= threads; i++) {
            WorkerRunner runner = new WorkerRunner(
                    new RequestWorker("admin-" + i),
                    Duration.ZERO,
                    (role, failure) -> LOG.error("{} ended; the admin endpoint may no longer answer", role, failure));
            workers.add(runner);
            runner.start();
        }
    }

    @Override
    public void execute(Runnable request) {
        if (!requests.offer(request)) {
            throw new RejectedExecutionException("too many requests at once");
        }
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.stopSignal().raise());
        workers.forEach(worker -> worker.close(CLOSING));
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
                try {
                    request.run();
                } catch (RuntimeException e) {
                    LOG.warn("an admin request failed", e);
                }
            }
            return true;
        }
    }
}
