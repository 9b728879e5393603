package dev.tailrace.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What was started, to be stopped in reverse order, each within its own bound, whatever became of the others.
 *
 * <p>Filled while starting by the thread that starts; then {@link #close} is called by one thread and {@link #hurry} by
 * any.
 */
public final class Shutdown implements AutoCloseable {
    /** What a phase still gets once somebody is in a hurry. */
    private static final Duration HURRIED = Duration.ofMillis(500);

    private final Deque<Phase> phases = new ArrayDeque<>();
    private final Object closing = new Object();
    private @Nullable Thread closer;
    private volatile boolean hurried;

    private record Phase(String what, Duration atMost, BoundedClose closeable) {}

    /** Adds what stops within a bound by itself. */
    public void add(String what, Duration atMost, BoundedClose closeable) {
        phases.push(new Phase(what, atMost, closeable));
    }

    /** Adds what knows no bound: it is closed on a thread of its own, which is given up when the time has passed. */
    public void addUnbounded(String what, Duration atMost, AutoCloseable closeable) {
        phases.push(new Phase(what, atMost, limit -> closeApart(what, closeable, limit)));
    }

    /** Stops waiting: interrupts the phase under way and gives the others next to no time. */
    public void hurry() {
        synchronized (closing) {
            hurried = true;
            if (closer != null) {
                closer.interrupt();
            }
        }
    }

    /**
     * Closes everything, the newest first. Idempotent.
     *
     * @throws IncompleteShutdownException with every failure as suppressed, after everything was tried
     */
    @Override
    public void close() throws IncompleteShutdownException {
        List<Exception> failures = closeAll();
        if (!failures.isEmpty()) {
            IncompleteShutdownException incomplete = new IncompleteShutdownException(
                    failures.size() + " of the agent's parts did not stop cleanly or in time");
            failures.forEach(incomplete::addSuppressed);
            throw incomplete;
        }
    }

    /** After a failed start: closes what had been started and adds what fails to the reason as suppressed. */
    public void undo(Throwable reason) {
        closeAll().forEach(reason::addSuppressed);
    }

    private List<Exception> closeAll() {
        List<Exception> failures = new ArrayList<>();
        boolean interrupted = Thread.interrupted();
        synchronized (closing) {
            closer = Thread.currentThread();
        }
        try {
            Phase phase;
            while ((phase = phases.poll()) != null) {
                Duration atMost = hurried && HURRIED.compareTo(phase.atMost) < 0 ? HURRIED : phase.atMost;
                try {
                    if (!phase.closeable.close(atMost)) {
                        failures.add(new IncompleteShutdownException(phase.what + " still ran after " + atMost));
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                    failures.add(e);
                } catch (Exception e) {
                    failures.add(e);
                }
                interrupted |= Thread.interrupted(); // the later phases wait as they should
            }
        } finally {
            synchronized (closing) {
                closer = null;
                interrupted |= Thread.interrupted();
            }
            if (interrupted && !hurried) {
                Thread.currentThread().interrupt();
            }
        }
        return failures;
    }

    private static boolean closeApart(String what, AutoCloseable closeable, Duration atMost) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        closeable.close();
                    } catch (Exception e) {
                        failure.set(e);
                    } finally {
                        done.countDown();
                    }
                },
                "close " + what);
        thread.setDaemon(true);
        thread.start();
        boolean closed;
        try {
            closed = done.await(StopSignal.saturatedNanos(atMost), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            closed = done.getCount() == 0;
            Thread.currentThread().interrupt();
        }
        if (!closed) {
            thread.interrupt();
            return false;
        }
        Exception thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
        return true;
    }
}
