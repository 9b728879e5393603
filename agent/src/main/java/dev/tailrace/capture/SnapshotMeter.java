package dev.tailrace.capture;

import dev.tailrace.event.TableId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures the initial snapshot. What a table really held replaces its estimate when the next one begins. Written by the
 * polling thread, read by any.
 */
final class SnapshotMeter {
    private static final double ALMOST = 99.9;

    /** Of less time nothing is foretold. */
    private static final double TELLING_SECONDS = 5;

    private final InstantSource clock;
    private final Set<TableId> tables;
    private final Map<TableId, Long> pending;
    private @Nullable Instant firstRow;
    private @Nullable TableId current;
    private long rowsOfDone;
    private long rowsOfCurrent;
    private int tablesDone;
    private double shown;
    private boolean complete;

    /**
     * @param tables that the snapshot reads
     * @param estimates rows by table; a table that is not among them is unknown
     */
    SnapshotMeter(InstantSource clock, Set<TableId> tables, Map<TableId, Long> estimates) {
        this.clock = clock;
        this.tables = Set.copyOf(tables);
        this.pending = new HashMap<>(estimates);
    }

    synchronized void row(TableId table) {
        if (firstRow == null) {
            firstRow = clock.instant();
        }
        if (!table.equals(current)) {
            finishCurrent();
            current = table;
        }
        rowsOfCurrent++;
    }

    private void finishCurrent() {
        if (current != null) {
            pending.put(current, 0L);
            tablesDone++;
        }
        rowsOfDone += rowsOfCurrent;
        rowsOfCurrent = 0;
        current = null;
    }

    synchronized void complete() {
        finishCurrent();
        complete = true;
        tablesDone = tables.size();
    }

    synchronized SnapshotProgress progress() {
        long done = rowsOfDone + rowsOfCurrent;
        long total = complete ? done : total();
        if (complete) {
            shown = 100;
        } else if (total > 0) {
            // an estimate that turns out too low must not turn the progress back
            shown = Math.max(shown, Math.min(ALMOST, 100.0 * done / total));
        }
        double seconds = firstRow == null ? 0 : (clock.millis() - firstRow.toEpochMilli()) / 1000.0;
        double rate = seconds <= 0 ? 0 : done / seconds;
        long left = complete ? 0 : seconds < TELLING_SECONDS || total <= done ? -1 : Math.round((total - done) / rate);
        return new SnapshotProgress(
                tablesDone,
                tables.size(),
                done,
                total,
                complete || total > 0 ? shown : -1,
                rate,
                left,
                current == null ? "" : current.toString());
    }

    /** Rows in all, -1 while a table that is not read yet is unknown. */
    private long total() {
        long total = rowsOfDone;
        for (TableId table : tables) {
            Long estimate = pending.get(table);
            if (estimate == null) {
                return -1;
            }
            total += table.equals(current) ? Math.max(estimate, rowsOfCurrent) : estimate;
        }
        return total;
    }
}
