package dev.tailrace.lifecycle;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One thread that runs one {@link Worker}: names it, idles between rounds without work, hands over the failure that ends
 * it, and stops it within a bound. Started once, then discarded. Any thread may call {@link #wake} and {@link #close}.
 *
 * <p>The thread is a daemon: a worker that cannot be stopped does not keep the process alive.
 */
public final class WorkerRunner implements BoundedClose {
    /** What is left of a close's time for the worker to react to the interrupt. */
    private static final Duration LONGEST_GRACE = Duration.ofSeconds(5);

    private final Worker worker;
    private final Duration idle;
    private final WorkerFailure onFailure;
    private final StopSignal stop;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private final Thread thread;

    /** @param idle the wait after a round without work, unless {@link #wake} or {@link #close} ends it */
    public WorkerRunner(Worker worker, Duration idle, WorkerFailure onFailure) {
        this(worker, idle, onFailure, new StopSignal());
    }

    /** @param stop the signal that {@link #close} raises; a worker that waits by itself waits on it too */
    public WorkerRunner(Worker worker, Duration idle, WorkerFailure onFailure, StopSignal stop) {
        this.worker = Objects.requireNonNull(worker, "worker");
        this.idle = Objects.requireNonNull(idle, "idle");
        this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
        this.stop = Objects.requireNonNull(stop, "stop");
        this.thread = new Thread(this::run, worker.roleName());
        this.thread.setDaemon(true);
    }

    /** @throws IllegalStateException when it was started or closed before */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException(worker.roleName() + " was started or closed before");
        }
        thread.start();
    }

    /** Ends the idling under way, or else the next one. */
    public void wake() {
        stop.wake();
    }

    /** Whether the worker has returned from its last call, by close or by failure. */
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** The order this runner's worker gets when it is closed. */
    public StopSignal stopSignal() {
        return stop;
    }

    /**
     * Lets the round under way finish; when most of the time is gone, or the caller is interrupted, interrupts the worker.
     * Idempotent. From the worker's own thread it only orders the stop.
     *
     * @return whether the worker has ended
     */
    @Override
    public boolean close(Duration atMost) {
        stop.raise();
        if (started.compareAndSet(false, true)) {
            ended.countDown();
            return true;
        }
        if (Thread.currentThread() == thread) {
            return false;
        }
        Duration fifth = atMost.dividedBy(5);
        Duration grace = fifth.compareTo(LONGEST_GRACE) < 0 ? fifth : LONGEST_GRACE;
        boolean interrupted = false;
        try {
            if (ended.await(StopSignal.saturatedNanos(atMost.minus(grace)), TimeUnit.NANOSECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        thread.interrupt();
        try {
            return ended.await(StopSignal.saturatedNanos(grace), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return hasEnded();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            try {
                worker.onStart();
                while (!stop.isRaised()) {
                    if (!worker.doWork()) {
                        stop.pause(idle);
                    }
                }
            } catch (Throwable failure) { // whatever ends a worker must be told: a thread never dies in silence
                report(failure);
            }
            try {
                worker.onClose();
            } catch (Throwable failure) {
                report(failure);
            }
        } finally {
            ended.countDown();
        }
    }

    private void report(Throwable failure) {
        if (stop.isRaised()
                && (failure instanceof InterruptedException
                        || Thread.currentThread().isInterrupted())) {
            return; // the interrupt was ours; what it broke off is not a failure
        }
        onFailure.failed(worker.roleName(), failure);
    }
}
