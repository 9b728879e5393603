package dev.tailrace.capture;

/**
 * How far the initial snapshot has come.
 *
 * @param tablesDone tables read to their end
 * @param tablesTotal tables that the snapshot reads
 * @param rowsDone rows journaled so far
 * @param rowsEstimated rows expected in all, never less than {@code rowsDone}; -1 when unknown
 * @param percent of the expected rows, never falling, 100 only when the snapshot is complete; -1 when unknown
 * @param rowsPerSecond since the first row
 * @param secondsLeft at that rate, -1 when unknown
 * @param currentTable the table being read, empty before the first and after the last
 */
public record SnapshotProgress(
        int tablesDone,
        int tablesTotal,
        long rowsDone,
        long rowsEstimated,
        double percent,
        double rowsPerSecond,
        long secondsLeft,
        String currentTable) {}
