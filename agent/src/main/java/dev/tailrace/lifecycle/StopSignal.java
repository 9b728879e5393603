package dev.tailrace.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order to stop, and every wait that it has to cut short. Raised once, never taken back. Any thread.
 */
public final class StopSignal implements Pacer {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean raised;
    private boolean woken;

    /** Ends this and every later wait at once. Idempotent. */
    public void raise() {
        lock.lock();
        try {
            raised = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isRaised() {
        return raised;
    }

    /** Ends the wait under way, or else the next one, without an order to stop. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean pause(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = saturatedNanos(atMost);
            while (!raised && !woken && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
            return !raised;
        } finally {
            lock.unlock();
        }
    }

    /** Waits without limit. */
    public void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!raised) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    static long saturatedNanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
