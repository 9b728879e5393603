package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.SinkException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The last states of a transaction's rows, written so that no row is in another one's way: for what the source checked at
 * the end of a statement or of the transaction, and the target checks row by row. Rows of tables that nobody refers to are
 * taken out and put in again; of all others every column that may be null is null until all rows are there, and, on the wide
 * way, one that is unique and may not be null has a value that nobody has. Readers see none of it, a trigger of the target
 * does.
 */
final class Detour {
    private final TargetTables tables;
    private final RowStatements statements;

    private boolean wide;

    /** How many rows have such values in this transaction. */
    private int parked;

    Detour(TargetTables tables, RowStatements statements) {
        this.tables = tables;
        this.statements = statements;
    }

    /**
     * Writes the transaction, or nothing of it.
     *
     * @param wide whether unique columns that may not be null get values in between, which may not suit what else the target
     *     asks of such a column
     * @return false for changes of keys, truncations, and a row of which too little is known after its deletion
     */
    boolean apply(Transaction transaction, boolean wide) throws SQLException, SinkException {
        this.wide = wide;
        parked = 0;
        Compaction compaction = new Compaction();
        for (Step step : Step.of(transaction.events())) {
            if (step.kind() != Step.Kind.ROWS) {
                return false;
            }
            for (ChangeEvent event : step.events()) {
                if (!compaction.add(event)) {
                    return false;
                }
            }
        }
        Map<TableBinding, Compaction.Changes> changes = new LinkedHashMap<>();
        for (Compaction.Changes ofTable : compaction.tables()) {
            changes.put(tables.binding(ofTable.schema()), ofTable);
        }
        List<TableBinding> parentsFirst = UpsertApplier.parentsFirst(changes.keySet(), TableBinding::table);
        for (TableBinding table : parentsFirst) {
            loosen(table, UpsertApplier.required(changes, table));
        }
        delete(parentsFirst, changes, false);
        for (TableBinding table : parentsFirst) {
            insert(table, UpsertApplier.required(changes, table).whole());
        }
        for (TableBinding table : parentsFirst) {
            settle(table, UpsertApplier.required(changes, table), transaction.events());
        }
        delete(parentsFirst, changes, true);
        return true;
    }

    /** Not with columns of the target's own, which would come back empty. */
    private static boolean leavesAndReturns(TableBinding table) {
        long settable = table.table().columns().values().stream()
                .filter(column -> !column.generated())
                .count();
        return !table.table().isReferenced() && settable == table.writable().size();
    }

    private void loosen(TableBinding table, Compaction.Changes changes) throws SQLException {
        for (Map.Entry<List<Integer>, List<Row>> group : changes.partial().entrySet()) {
            loosen(table, group.getValue(), group.getKey()::contains);
        }
        if (!leavesAndReturns(table)) {
            loosen(table, changes.whole(), column -> true);
            loosen(table, changes.deleted(), column -> true);
        }
    }

    private void loosen(TableBinding table, List<Row> rows, Predicate<Integer> sent) throws SQLException {
        List<Integer> loose = table.writable().stream()
                .filter(column -> isLoose(table, column) && sent.test(column))
                .toList();
        if (loose.isEmpty() || rows.isEmpty()) {
            return;
        }
        List<Integer> columns = new ArrayList<>(table.key());
        columns.addAll(loose);
        statements.update(
                table,
                columns.stream().sorted().toList(),
                rows.stream().map(row -> loose(table, row)).toList());
    }

    private boolean isLoose(TableBinding table, int column) {
        return mayBeNull(table, column)
                || (mayBeParked(table, column)
                        && statements.parking().value(table, column, 0).isPresent());
    }

    private static boolean mayBeNull(TableBinding table, int column) {
        return !table.schema().isKey(column) && !table.column(column).notNull();
    }

    private boolean mayBeParked(TableBinding table, int column) {
        String name = table.column(column).name();
        return wide
                && !table.schema().isKey(column)
                && table.table().uniqueKeys().stream().anyMatch(key -> key.contains(name));
    }

    private Row loose(TableBinding table, Row row) {
        TableSchema schema = table.schema();
        @Nullable Object[] values = new Object[schema.size()];
        int number = parked++;
        for (int i = 0; i < values.length; i++) {
            Object given = row.isAbsent(i) ? Row.absent() : row.value(i);
            values[i] = mayBeNull(table, i)
                    ? null
                    : mayBeParked(table, i)
                            ? statements.parking().value(table, i, number).orElse(given)
                            : given;
        }
        return Row.of(schema, values);
    }

    private void delete(
            List<TableBinding> parentsFirst, Map<TableBinding, Compaction.Changes> changes, boolean referenced)
            throws SQLException {
        for (int i = parentsFirst.size() - 1; i >= 0; i--) {
            TableBinding table = parentsFirst.get(i);
            Compaction.Changes ofTable = UpsertApplier.required(changes, table);
            List<Row> leaving = new ArrayList<>(ofTable.deleted());
            if (leavesAndReturns(table)) {
                leaving.addAll(ofTable.whole());
            }
            if (!leaving.isEmpty() && table.table().isReferenced() == referenced) {
                statements.delete(table, leaving);
            }
        }
    }

    private void insert(TableBinding table, List<Row> rows) throws SQLException {
        if (!rows.isEmpty()) {
            statements.upsert(
                    table,
                    table.writable(),
                    leavesAndReturns(table)
                            ? rows
                            : rows.stream().map(row -> loose(table, row)).toList());
        }
    }

    private void settle(TableBinding table, Compaction.Changes changes, List<ChangeEvent> events)
            throws SQLException, SinkException {
        Map<List<Integer>, List<Row>> groups = new LinkedHashMap<>(changes.partial());
        if (!leavesAndReturns(table) && !changes.whole().isEmpty()) {
            groups.put(table.writable(), changes.whole());
        }
        for (Map.Entry<List<Integer>, List<Row>> group : groups.entrySet()) {
            List<Integer> columns = UpsertApplier.writable(table, group.getKey());
            if (columns.size() > table.key().size()
                    && statements.update(table, columns, group.getValue())
                            < group.getValue().size()) {
                throw UpsertApplier.rowMissing(table, events);
            }
        }
    }
}
