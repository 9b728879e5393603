package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.function.Predicate;

/**
 * What one reader wants, and up to where there may be any of it, as the writer says. A reader that wants nothing of what
 * comes is neither woken by it nor made to look at it. Guarded by the watermark's lock, but for {@link #newest}.
 */
final class Interest {
    private final Predicate<TableId> tables;
    private final Map<TableId, Boolean> known = new HashMap<>();
    private final Condition moved;
    private volatile long newest;
    private long waitsBehind = Long.MAX_VALUE;

    /** @param durable newest frame at present: what came before is not known */
    Interest(Predicate<TableId> tables, Condition moved, long durable) {
        this.tables = tables;
        this.moved = moved;
        this.newest = durable;
    }

    /** No frame behind that one, of those that are readable, has a change that is wanted. Any thread. */
    long newest() {
        return newest;
    }

    /** Frames up to that one have changes of those tables. */
    void tell(Set<TableId> changed, long durable) {
        for (TableId table : changed) {
            if (known.computeIfAbsent(table, tables::test)) {
                newest = durable;
                return;
            }
        }
    }

    /** Waits for the writer. Returns what is left of the time. */
    long await(long behind, long nanos) throws InterruptedException {
        waitsBehind = behind;
        try {
            return moved.awaitNanos(nanos);
        } finally {
            waitsBehind = Long.MAX_VALUE;
        }
    }

    boolean isMet(long behind, long readable) {
        return readable > behind && newest > behind;
    }

    /** Wakes the reader when it waits for what is there now. */
    void wake(long readable) {
        if (isMet(waitsBehind, readable)) {
            moved.signal();
        }
    }

    /** Wakes the reader. */
    void wakeAnyway() {
        moved.signal();
    }
}
