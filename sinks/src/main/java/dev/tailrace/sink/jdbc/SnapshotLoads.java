package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which tables a snapshot's rows are loaded into the fast way, instead of one upsert after the other: those that
 * were empty when the first row came and into which nothing but rows of the snapshot was written since.
 *
 * <p>The look is taken inside the target transaction that writes the first rows, behind the lock of the checkpoint row,
 * so that no other writer of this pipeline can be at work. A foreign one can, and a load never overwrites: it adds rows or
 * fails whole. Then the same rows are upserted, and the table is loaded no more. Either way the outcome is that of upserts.
 */
final class SnapshotLoads {
    /** Below that many rows the round trips of a load cost more than it saves. */
    private static final int FEWEST = 100;

    private final RowStatements statements;
    private final Runnable halfway;
    private final Map<TargetName, Boolean> loadable = new HashMap<>();

    /** @param halfway called inside of every load */
    SnapshotLoads(RowStatements statements, Runnable halfway) {
        this.statements = statements;
        this.halfway = halfway;
    }

    /**
     * Loads rows that a snapshot read.
     *
     * @return false when nothing was written and they have to be upserted
     */
    boolean load(TableBinding table, List<Row> rows) throws SQLException {
        TargetName name = table.table().name();
        Boolean known = loadable.get(name);
        boolean empty = known != null ? known : statements.isEmpty(table.table());
        loadable.put(name, empty);
        if (!empty || rows.size() < FEWEST) {
            return false;
        }
        boolean loaded = statements.load(table, table.writable(), rows, halfway);
        loadable.put(name, loaded);
        return loaded;
    }

    /** Something else than a snapshot's row was written to the table. */
    void written(TargetTable table) {
        loadable.put(table.name(), false);
    }

    /** The table was emptied, as a snapshot does that starts over: its next row has a look again. */
    void emptied(TargetTable table) {
        loadable.remove(table.name());
    }

    /** A transaction was rolled back: what it had found and done no longer holds. */
    void forget() {
        loadable.clear();
    }
}
