package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.RowStatements.Load;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which rows are added the database's fast way, instead of one upsert after the other: those of a snapshot, while
 * their table holds nothing else, and many that the source has just inserted. Not where something of the target's own runs
 * with each row, which may do as it likes with one statement in place of another.
 *
 * <p>A load never overwrites: it adds rows or fails whole. Then the same rows are upserted, so either way the outcome is
 * that of upserts. A table whose rows were in the way is not loaded into for a while, because what a failed load had written
 * is left in the table's pages until they are vacuumed: a snapshot is upserted to its end, inserts for longer and longer.
 *
 * <p>Whether a table is empty is looked up inside the target transaction that writes the first rows, behind the lock of the
 * checkpoint row, so that no other writer of this pipeline can be at work. A foreign one can.
 */
final class BulkLoads {
    private static final int LONGEST_REST = 256;

    private final RowStatements statements;
    private final Limits limits;
    private final Runnable halfway;
    private final Map<TargetName, Boolean> snapshots = new HashMap<>();
    private final Map<TargetName, Rest> rests = new HashMap<>();

    /**
     * When loads are worth it.
     *
     * @param fewestRead rows of a snapshot: below that the round trips of a load cost more than it saves
     * @param fewestInserted rows that were inserted: a load takes three round trips, upserts one for a thousand rows, and a
     *     stream that is up to date must not wait for many more
     * @param rest groups of rows that are upserted after a load that failed; twice as many after each further one
     */
    record Limits(int fewestRead, int fewestInserted, int rest) {
        static final Limits STANDARD = new Limits(100, 2000, 16);
    }

    /** How many groups of rows are upserted before the next load, and how many if that fails, too. */
    private record Rest(int left, int next) {}

    /** @param halfway called inside of every load */
    BulkLoads(RowStatements statements, Limits limits, Runnable halfway) {
        this.statements = statements;
        this.limits = limits;
        this.halfway = halfway;
    }

    /**
     * Adds what can be loaded of the whole rows of these changes.
     *
     * @return the others, which have to be upserted, in the order for that
     */
    List<Row> load(TableBinding binding, Compaction.Changes changes) throws SQLException {
        TargetTable table = binding.table();
        List<Row> whole = KeyOrder.of(table, changes.whole());
        boolean able = statements.loads() && !table.hasTriggers();
        if (changes.areFromSnapshot()) {
            return able && loadSnapshot(binding, whole) ? List.of() : whole;
        }
        written(table);
        if (!able || whole.size() < limits.fewestInserted || rests(table.name())) {
            return whole;
        }
        List<Row> inserted = changes.inserted();
        if (inserted.size() == whole.size()) {
            return loadInserted(binding, whole) ? List.of() : whole;
        }
        // An updated row may have to leave a unique value before an inserted one can take it.
        boolean apart = KeyOrder.isFree(table) && inserted.size() >= limits.fewestInserted;
        return apart && loadInserted(binding, KeyOrder.of(table, inserted))
                ? KeyOrder.of(table, changes.overwriting())
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
        if (!empty || rows.size() < limits.fewestRead) {
            return false;
        }
        boolean loaded = statements.load(table, table.writable(), rows, halfway) == Load.DONE;
        snapshots.put(name, loaded);
        return loaded;
    }

    private boolean rests(TargetName table) {
        Rest rest = rests.get(table);
        if (rest == null || rest.left == 0) {
            return false;
        }
        rests.put(table, new Rest(rest.left - 1, rest.next));
        return true;
    }

    private boolean loadInserted(TableBinding table, List<Row> rows) throws SQLException {
        TargetName name = table.table().name();
        Load outcome = statements.load(table, table.writable(), rows, halfway);
        if (outcome == Load.DONE) {
            rests.remove(name);
        } else if (outcome == Load.REFUSED) {
            Rest last = rests.get(name);
            int next = last == null ? limits.rest : last.next;
            rests.put(name, new Rest(next, Math.min(LONGEST_REST, 2 * next)));
        }
        return outcome == Load.DONE;
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
