package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.sink.SinkException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of tables without a key, in the source's order: such a table is a multiset, and a change takes out one of the
 * rows that equal the old image. Right once only, which the checkpoint in the same transaction sees to.
 */
final class FullRows {
    private final TargetTables tables;
    private final RowStatements statements;

    FullRows(TargetTables tables, RowStatements statements) {
        this.tables = tables;
        this.statements = statements;
    }

    /** @param events row changes of tables without a key, in order */
    void apply(List<ChangeEvent> events) throws SQLException, SinkException {
        List<Row> inserted = new ArrayList<>();
        TableBinding open = null;
        for (ChangeEvent event : events) {
            TableBinding table = tables.binding(event.schema());
            if (open != null && table != open) {
                insert(open, inserted);
            }
            open = table;
            switch (event.operation()) {
                case READ, INSERT -> inserted.add(event.image());
                case UPDATE -> {
                    insert(table, inserted);
                    Row after = whole(table, event, Compaction.completed(event));
                    Row before = whole(table, event, event.before());
                    found(table, event, statements.conditions().updateOne(table, table.writable(), before, after));
                }
                case DELETE -> {
                    insert(table, inserted);
                    Row before = whole(table, event, event.before());
                    found(table, event, statements.conditions().deleteOne(table, table.writable(), before));
                }
                case TRUNCATE -> throw new IllegalArgumentException(event + " is a step of its own");
            }
        }
        if (open != null) {
            insert(open, inserted);
        }
    }

    private void insert(TableBinding table, List<Row> rows) throws SQLException {
        if (!rows.isEmpty()) {
            statements.insertNew(table, table.writable(), rows);
            rows.clear();
        }
    }

    private static Row whole(TableBinding table, ChangeEvent event, @org.jspecify.annotations.Nullable Row row)
            throws SinkException {
        if (row == null || row.hasAbsent()) {
            throw SinkException.reject(
                    SqlErrors.IMAGE,
                    event + " does not say which row it is about: the table has no key, and the source did not send"
                            + " the whole old row",
                    "let the source send it (PostgreSQL: ALTER TABLE " + event.table()
                            + " REPLICA IDENTITY FULL; MySQL: binlog_row_image=FULL), then take a new snapshot of "
                            + table.schema().table(),
                    List.of(event.id()),
                    null);
        }
        return row;
    }

    private static void found(TableBinding table, ChangeEvent event, boolean found) throws SinkException {
        if (!found) {
            throw UpsertApplier.rowMissing(table, List.of(event));
        }
    }
}
