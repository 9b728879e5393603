package dev.tailrace.journal;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far the journal is fsynced and may be read, and the place where readers wait. Thread-safe. */
final class Watermark {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile long durable;
    private volatile long readable;
    private boolean closed;

    long durable() {
        return durable;
    }

    long readable() {
        return readable;
    }

    /** To be called only after what it says was fsynced (I1, I5). */
    void publish(long newDurable, long newReadable) {
        lock.lock();
        try {
            durable = newDurable;
            readable = newReadable;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean await(long after, Duration atMost) throws InterruptedException {
        if (readable > after) {
            return true;
        }
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (readable <= after && !closed && nanos > 0) {
                nanos = moved.awaitNanos(nanos);
            }
            return readable > after;
        } finally {
            lock.unlock();
        }
    }

    /** Lets go whoever waits. */
    void close() {
        lock.lock();
        try {
            closed = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
