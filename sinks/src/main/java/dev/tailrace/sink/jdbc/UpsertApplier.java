package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.SinkException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mode upsert: the target's rows become those of the source. Deletes go child before parent, the rest parent before
 * child. Rows that nobody can refer to are deleted first, so that what they leave free can be taken; referenced ones last,
 * when those that referred to them have moved on: deleted earlier they would take these along, and whatever hangs on them.
 */
final class UpsertApplier implements Applier {
    private final TargetTables tables;
    private final RowStatements statements;
    private final Moves moves;
    private final FullRows fullRows;
    private final @Nullable SoftDeletes deletes;
    private final BulkLoads loads;
    private final Detour detour;
    private final Runnable midBatch;

    /** @param deletes null when deleted rows go */
    UpsertApplier(
            Dialect dialect,
            TargetTables tables,
            RowStatements statements,
            Connection connection,
            BulkLoads loads,
            @Nullable SoftDeletes deletes,
            Runnable midBatch) {
        this.tables = tables;
        this.statements = statements;
        this.moves = new Moves(dialect, statements, connection);
        this.fullRows = new FullRows(tables, statements);
        this.deletes = deletes;
        this.loads = loads;
        this.midBatch = midBatch;
        this.detour = new Detour(tables, statements);
    }

    @Override
    public boolean detour(Transaction transaction, boolean wide) throws SQLException, SinkException {
        // It deletes rows, which with soft deletes nothing may.
        return deletes == null && detour.apply(transaction, wide);
    }

    @Override
    public void rolledBack() {
        loads.forget();
    }

    @Override
    public void apply(List<Transaction> transactions) throws SQLException, SinkException {
        List<ChangeEvent> events = deletes != null
                ? deletes.rewritten(transactions)
                : transactions.size() == 1
                        ? transactions.get(0).events()
                        : transactions.stream()
                                .flatMap(t -> t.events().stream())
                                .toList();
        for (Step step : Step.of(events)) {
            switch (step.kind()) {
                case ROWS -> rows(step.events());
                case MOVES -> move(step.events());
                case FULL_ROWS -> {
                    fullRows.apply(step.events());
                    midBatch.run();
                }
                case TRUNCATES -> truncate(step.events());
            }
        }
    }

    private void move(List<ChangeEvent> events) throws SQLException, SinkException {
        TableBinding table = tables.binding(events.get(0).schema());
        loads.written(table.table());
        if (deletes != null) {
            // A row that is gone at the source must not keep another one from its key.
            statements
                    .conditions()
                    .deleteMarked(
                            table,
                            deletes.position(table.schema()),
                            events.stream().map(ChangeEvent::image).toList());
        }
        moves.apply(table, events);
    }

    @Override
    public List<List<ChangeEvent>> pieces(Transaction transaction) {
        List<List<ChangeEvent>> pieces = new ArrayList<>();
        for (Step step : Step.of(transaction.events())) {
            boolean whole = step.kind() == Step.Kind.TRUNCATES
                    || (step.kind() == Step.Kind.MOVES && Moves.depend(Moves.of(step.events())));
            if (whole) {
                pieces.add(step.events());
            } else {
                step.events().forEach(e -> pieces.add(List.of(e)));
            }
        }
        return pieces;
    }

    private void rows(List<ChangeEvent> events) throws SQLException, SinkException {
        Compaction compaction = new Compaction();
        for (ChangeEvent event : events) {
            if (comesBackAnew(compaction, event) || !compaction.add(event)) {
                write(compaction, events);
                compaction = new Compaction();
                compaction.add(event);
            }
        }
        write(compaction, events);
    }

    /** A deletion that others feel, by a cascade at the target, is not left out because the row comes back. */
    private boolean comesBackAnew(Compaction compaction, ChangeEvent event) throws SQLException, SinkException {
        return compaction.revives(event)
                && tables.binding(event.schema()).table().isReferenced();
    }

    private void write(Compaction compaction, List<ChangeEvent> events) throws SQLException, SinkException {
        Map<TableBinding, Compaction.Changes> changes = new LinkedHashMap<>();
        for (Compaction.Changes ofTable : compaction.tables()) {
            changes.put(tables.binding(ofTable.schema()), ofTable);
        }
        List<TableBinding> parentsFirst = parentsFirst(changes.keySet(), TableBinding::table);
        delete(parentsFirst, changes, false);
        for (TableBinding table : parentsFirst) {
            Compaction.Changes ofTable = required(changes, table);
            List<Row> rest = loads.load(table, ofTable);
            if (!rest.isEmpty()) {
                statements.upsert(table, table.writable(), rest);
            }
            for (Map.Entry<List<Integer>, List<Row>> group : ofTable.partial().entrySet()) {
                update(table, group.getKey(), KeyOrder.of(table.table(), group.getValue()), events);
            }
            midBatch.run();
        }
        delete(parentsFirst, changes, true);
    }

    private void delete(
            List<TableBinding> parentsFirst, Map<TableBinding, Compaction.Changes> changes, boolean referenced)
            throws SQLException {
        for (int i = parentsFirst.size() - 1; i >= 0; i--) {
            TableBinding table = parentsFirst.get(i);
            List<Row> deleted = required(changes, table).deleted();
            if (!deleted.isEmpty() && table.table().isReferenced() == referenced) {
                statements.delete(table, KeyOrder.of(table.table(), deleted));
            }
        }
    }

    private void update(TableBinding table, List<Integer> present, List<Row> rows, List<ChangeEvent> events)
            throws SQLException, SinkException {
        List<Integer> columns = writable(table, present);
        if (columns.size() == table.key().size()) {
            return;
        }
        SoftDeletes marks = deletes;
        List<Row> live = marks == null
                ? rows
                : rows.stream().filter(row -> !marks.isMarked(row)).toList();
        // I7: a row that is not there is never made up out of a part of it.
        if (!live.isEmpty() && statements.update(table, columns, live) < live.size()) {
            throw rowMissing(table, events);
        }
        if (marks != null && live.size() < rows.size()) {
            // One that is not there needs no mark.
            statements.update(
                    table, columns, rows.stream().filter(marks::isMarked).toList());
        }
    }

    static List<Integer> writable(TableBinding table, List<Integer> present) {
        return table.writable().size() == table.schema().size()
                ? present
                : present.stream().filter(table.writable()::contains).toList();
    }

    static SinkException rowMissing(TableBinding table, List<ChangeEvent> events) {
        return SinkException.reject(
                SqlErrors.ROW_MISSING,
                "table " + table.table().name() + " lacks a row of which the source sent only the changed columns",
                "somebody else deleted it at the target: restore the row there, or take a new snapshot of "
                        + table.schema().table(),
                events.size() == 1 ? List.of(events.get(0).id()) : List.of(),
                null);
    }

    private void truncate(List<ChangeEvent> events) throws SQLException, SinkException {
        if (deletes != null) {
            for (ChangeEvent event : events) {
                TableBinding table = tables.binding(event.schema());
                int mark = deletes.position(table.schema());
                statements.conditions().markAll(table, mark, deletes.stamp(event));
            }
            return;
        }
        Set<TargetTable> emptied = new LinkedHashSet<>();
        for (ChangeEvent event : events) {
            emptied.add(tables.binding(event.schema()).table());
        }
        List<TargetTable> ordered = parentsFirst(emptied, t -> t);
        java.util.Collections.reverse(ordered);
        statements.truncate(ordered);
        ordered.forEach(loads::emptied);
    }

    static Compaction.Changes required(Map<TableBinding, Compaction.Changes> changes, TableBinding table) {
        Compaction.Changes found = changes.get(table);
        if (found == null) {
            throw new IllegalStateException("no changes of " + table.table().name());
        }
        return found;
    }

    /** Sorted so that a referenced table comes before those that reference it; a cycle is cut anywhere. */
    static <T> List<T> parentsFirst(Set<T> tables, java.util.function.Function<T, TargetTable> tableOf) {
        List<T> ordered = new ArrayList<>(tables.size());
        Map<TargetName, T> open = new LinkedHashMap<>();
        tables.forEach(t -> open.put(tableOf.apply(t).name(), t));
        while (!open.isEmpty()) {
            T next = open.values().stream()
                    .filter(t -> tableOf.apply(t).parents().stream().noneMatch(open::containsKey))
                    .findFirst()
                    .orElseGet(() -> open.values().iterator().next());
            open.remove(tableOf.apply(next).name());
            ordered.add(next);
        }
        return ordered;
    }
}
