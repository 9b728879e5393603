package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.SinkException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Mode append: every change is one row of history. */
final class AppendApplier implements Applier {
    private final TargetTables tables;
    private final RowStatements statements;
    private final Runnable midBatch;

    AppendApplier(TargetTables tables, RowStatements statements, Runnable midBatch) {
        this.tables = tables;
        this.statements = statements;
        this.midBatch = midBatch;
    }

    @Override
    public void apply(List<Transaction> transactions) throws SQLException, SinkException {
        Map<TableBinding, List<Row>> rows = new LinkedHashMap<>();
        for (Transaction transaction : transactions) {
            for (ChangeEvent event : transaction.events()) {
                TableBinding table = tables.binding(event.schema());
                rows.computeIfAbsent(table, t -> new ArrayList<>())
                        .add(HistoryTable.row(table.schema(), event, transaction));
            }
        }
        for (Map.Entry<TableBinding, List<Row>> group : rows.entrySet()) {
            TableBinding table = group.getKey();
            statements.insertNew(table, table.writable(), group.getValue());
            midBatch.run();
        }
    }

    @Override
    public boolean detour(Transaction transaction) {
        return false;
    }

    @Override
    public List<List<ChangeEvent>> pieces(Transaction transaction) {
        return transaction.events().stream().map(List::of).toList();
    }
}
