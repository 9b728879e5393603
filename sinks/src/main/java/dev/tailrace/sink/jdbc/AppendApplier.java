package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.jdbc.HistoryTable.Place;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Mode append: every change is one row of history. */
final class AppendApplier implements Applier {
    /** A batch holds fewer changes than this many bits count, so that numbers of two batches never meet. */
    private static final int BATCH_BITS = 20;

    private final TargetTables tables;
    private final RowStatements statements;
    private final Runnable midBatch;
    private final Map<ChangeEvent, Place> places = new IdentityHashMap<>();
    /** Of the next part of the same transaction. */
    private long nextOrder;

    AppendApplier(TargetTables tables, RowStatements statements, Runnable midBatch) {
        this.tables = tables;
        this.statements = statements;
        this.midBatch = midBatch;
    }

    @Override
    public void begin(Batch batch) {
        places.clear();
        long sequence = batch.checkpoint().sequence() << BATCH_BITS;
        for (Transaction transaction : batch.transactions()) {
            long order = transaction.first() ? 0 : nextOrder;
            for (ChangeEvent event : transaction.events()) {
                places.put(event, new Place(sequence++, order++));
            }
            nextOrder = order;
        }
    }

    private Place place(ChangeEvent event) {
        Place place = places.get(event);
        if (place == null) {
            throw new IllegalStateException(event + " is not of this batch");
        }
        return place;
    }

    @Override
    public void apply(List<Transaction> transactions) throws SQLException, SinkException {
        Map<TableBinding, List<Row>> rows = new LinkedHashMap<>();
        for (Transaction transaction : transactions) {
            for (ChangeEvent event : transaction.events()) {
                TableBinding table = tables.binding(event.schema());
                rows.computeIfAbsent(table, t -> new ArrayList<>())
                        .add(HistoryTable.row(table.schema(), event, transaction, place(event)));
            }
        }
        for (Map.Entry<TableBinding, List<Row>> group : rows.entrySet()) {
            TableBinding table = group.getKey();
            statements.insertNew(table, table.writable(), group.getValue());
            midBatch.run();
        }
    }

    @Override
    public boolean detour(Transaction transaction, boolean wide) {
        return false;
    }

    @Override
    public List<List<ChangeEvent>> pieces(Transaction transaction) {
        return transaction.events().stream().map(List::of).toList();
    }
}
