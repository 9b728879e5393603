package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** How far the journal is fsynced and may be read, and the place where readers wait. Thread-safe. */
final class Watermark {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Interest> interests = new ArrayList<>();
    private volatile long durable;
    private volatile long readable;
    private boolean closed;

    long durable() {
        return durable;
    }

    long readable() {
        return readable;
    }

    /**
     * To be called only after what it says was fsynced (I1, I5).
     *
     * @param changed the tables of all changes that became durable with it
     */
    void publish(long newDurable, long newReadable, Set<TableId> changed) {
        lock.lock();
        try {
            // Before the mark: whoever sees a frame has been told whether it may want it.
            interests.forEach(interest -> interest.tell(changed, newDurable));
            durable = newDurable;
            readable = newReadable;
            interests.forEach(interest -> interest.wake(newReadable));
        } finally {
            lock.unlock();
        }
    }

    Interest register(Predicate<TableId> tables) {
        lock.lock();
        try {
            Interest interest = new Interest(tables, lock.newCondition(), durable);
            interests.add(interest);
            return interest;
        } finally {
            lock.unlock();
        }
    }

    void forget(Interest interest) {
        lock.lock();
        try {
            interests.remove(interest);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something that is wanted may be readable behind that frame; false when the time passed before. */
    boolean await(Interest interest, long behind, Duration atMost) throws InterruptedException {
        if (interest.isMet(behind, readable)) {
            return true;
        }
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (!interest.isMet(behind, readable) && !closed && nanos > 0) {
                nanos = interest.await(behind, nanos);
            }
            return interest.isMet(behind, readable);
        } finally {
            lock.unlock();
        }
    }

    /** Lets go whoever waits. */
    void close() {
        lock.lock();
        try {
            closed = true;
            interests.forEach(Interest::wakeAnyway);
        } finally {
            lock.unlock();
        }
    }
}
