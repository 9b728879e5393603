package dev.tailrace.bench;

import java.util.Map;
import java.util.TreeMap;

/** Rates of inserts, then of as many updates. */
final class PhasedMeter {
    private final long rows;
    private final RateMeter inserts;
    private final RateMeter updates;
    private long count;

    PhasedMeter(long rows) {
        this.rows = rows;
        this.inserts = new RateMeter(rows);
        this.updates = new RateMeter(rows);
    }

    /** One thread only. */
    void add(long events) {
        long left = Math.max(0, rows - count);
        count += events;
        if (left > 0) {
            inserts.add(Math.min(left, events));
        }
        if (events > left) {
            updates.add(events - left);
        }
    }

    /** Of the same thread, between two calls of {@link #add}. */
    void leaveOut(long nanos, long cpuNanos) {
        inserts.leaveOut(nanos, cpuNanos);
        updates.leaveOut(nanos, cpuNanos);
    }

    /** Returns when all of both has arrived; throws when nothing comes any more. */
    void awaitAll() throws InterruptedException {
        inserts.awaitAll(() -> {});
        updates.awaitAll(() -> {});
    }

    boolean await(long seconds) throws InterruptedException {
        return updates.await(seconds);
    }

    Figures figures() {
        Map<String, Double> figures = new TreeMap<>();
        inserts.figures().forEach((name, value) -> figures.put("insert_" + name, value));
        updates.figures().forEach((name, value) -> figures.put("update_" + name, value));
        return new Figures(figures);
    }
}
