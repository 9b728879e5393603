package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which rows are added the database's fast way, instead of one upsert after the other: those of a snapshot, while
 * their table holds nothing else, and many that the source has just inserted.
 *
 * <p>A load never overwrites: it adds rows or fails whole. Then the same rows are upserted, so either way the outcome is
 * that of upserts. A table whose rows were in the way is not loaded into for a while, because what a failed load had written
 * is left in the table's pages until they are vacuumed: a snapshot is upserted to its end, inserts for longer and longer.
 *
 * <p>Whether a table is empty is looked up inside the target transaction that writes the first rows, behind the lock of the
 * checkpoint row, so that no other writer of this pipeline can be at work. A foreign one can.
 */
final class BulkLoads {
    /** Below that many rows the round trips of a load cost more than it saves. */
    private static final int FEWEST_READ = 100;

    /** As many as one upsert takes: a stream that is up to date must not wait for more round trips than that has. */
    private static final int FEWEST_INSERTED = 1000;

    /** Groups that are upserted after a load that failed; twice as many after each further one. */
    private static final int SHORTEST_REST = 16;

    private static final int LONGEST_REST = 4096;

    private final RowStatements statements;
    private final Runnable halfway;
    private final Map<TargetName, Boolean> snapshots = new HashMap<>();
    private final Map<TargetName, Rest> rests = new HashMap<>();

    /** How many groups of inserted rows are upserted before the next load, and how many if that fails, too. */
    private record Rest(int left, int next) {}

    /** @param halfway called inside of every load */
    BulkLoads(RowStatements statements, Runnable halfway) {
        this.statements = statements;
        this.halfway = halfway;
    }

    /**
     * Adds what can be loaded of the whole rows of these changes.
     *
     * @return the others, which have to be upserted, in the order for that
     */
    List<Row> load(TableBinding table, Compaction.Changes changes) throws SQLException {
        List<Row> whole = KeyOrder.of(table.table(), changes.whole());
        if (changes.areFromSnapshot()) {
            return loadSnapshot(table, whole) ? List.of() : whole;
        }
        written(table.table());
        if (whole.size() < FEWEST_INSERTED) {
            return whole;
        }
        List<Row> inserted = changes.inserted();
        if (inserted.size() == whole.size()) {
            return loadInserted(table, whole) ? List.of() : whole;
        }
        // An updated row may have to leave a unique value before an inserted one can take it.
        boolean apart = KeyOrder.isFree(table.table()) && inserted.size() >= FEWEST_INSERTED;
        return apart && loadInserted(table, KeyOrder.of(table.table(), inserted))
                ? KeyOrder.of(table.table(), changes.overwriting())
                : whole;
    }

    private boolean loadSnapshot(TableBinding table, List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return false;
        }
        TargetName name = table.table().name();
        Boolean known = snapshots.get(name);
        boolean empty = known != null ? known : statements.isEmpty(table.table());
        snapshots.put(name, empty);
        if (!empty || rows.size() < FEWEST_READ) {
            return false;
        }
        boolean loaded = statements.load(table, table.writable(), rows, halfway);
        snapshots.put(name, loaded);
        return loaded;
    }

    private boolean loadInserted(TableBinding table, List<Row> rows) throws SQLException {
        TargetName name = table.table().name();
        Rest rest = rests.getOrDefault(name, new Rest(0, SHORTEST_REST));
        if (rest.left > 0) {
            rests.put(name, new Rest(rest.left - 1, rest.next));
            return false;
        }
        boolean loaded = statements.load(table, table.writable(), rows, halfway);
        if (loaded) {
            rests.remove(name);
        } else {
            rests.put(name, new Rest(rest.next, Math.min(LONGEST_REST, 2 * rest.next)));
        }
        return loaded;
    }

    /** Something else than a snapshot's row was written to the table. */
    void written(TargetTable table) {
        snapshots.put(table.name(), false);
    }

    /** The table was emptied, as a snapshot does that starts over: its next row has a look again. */
    void emptied(TargetTable table) {
        snapshots.remove(table.name());
    }

    /** A transaction was rolled back: what it had found empty need not be so. What was in the way may still be there. */
    void forget() {
        snapshots.clear();
    }
}
