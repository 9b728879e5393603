package dev.tailrace.capture;

import dev.tailrace.event.TableId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Measures the initial snapshot. Written by the polling thread, read by any. */
final class SnapshotMeter {
    private final InstantSource clock;
    private final Instant began;
    private final Map<TableId, Long> estimates;
    private final long estimated;
    private int tablesDone;
    private long rowsDone;
    private String currentTable = "";
    private boolean complete;

    /** @param estimates rows by table, as the statistics say */
    SnapshotMeter(InstantSource clock, Map<TableId, Long> estimates) {
        this.clock = clock;
        this.began = clock.instant();
        this.estimates = Map.copyOf(estimates);
        this.estimated = estimates.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized void row(TableId table) {
        String name = table.toString();
        if (!name.equals(currentTable)) {
            if (!currentTable.isEmpty()) {
                tablesDone++;
            }
            currentTable = name;
        }
        rowsDone++;
    }

    synchronized void complete() {
        complete = true;
        tablesDone = estimates.size();
        currentTable = "";
    }

    synchronized SnapshotProgress progress() {
        long total = complete ? rowsDone : Math.max(estimated, rowsDone);
        double percent = complete ? 100 : total == 0 ? 0 : Math.min(99.9, 100.0 * rowsDone / total);
        double seconds = (clock.millis() - began.toEpochMilli()) / 1000.0;
        double rate = seconds <= 0 ? 0 : rowsDone / seconds;
        long left = complete ? 0 : rate <= 0 || estimated <= rowsDone ? -1 : Math.round((total - rowsDone) / rate);
        return new SnapshotProgress(tablesDone, estimates.size(), rowsDone, total, percent, rate, left, currentTable);
    }
}
