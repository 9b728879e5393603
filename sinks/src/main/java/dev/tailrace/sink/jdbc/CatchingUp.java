package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.WriteResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the held changes of one table in their order. Every target transaction moves the hold with its changes, so that
 * each is written once whatever dies (I2). A shape that is new is followed between the last change before it and the first
 * one that has it, wherever in a source transaction that is. Owned by the sink's thread.
 */
final class CatchingUp {

    /** Writes transactions into the open target transaction. */
    @FunctionalInterface
    interface Writer {
        void write(List<Transaction> transactions) throws SQLException, SinkException;
    }

    private final SqlErrors.Rules errors;
    private final SinkContext context;
    private final Connection connection;
    private final CheckpointTable checkpoints;
    private final Evolution evolution;
    private final SchemaMemory memory;
    private final Holds holds;
    private final Writer writer;

    /** Changes of the table met behind the hold's frame, written or not. */
    private long seen;

    private boolean open;

    CatchingUp(
            SqlErrors.Rules errors,
            SinkContext context,
            Connection connection,
            CheckpointTable checkpoints,
            Evolution evolution,
            SchemaMemory memory,
            Holds holds,
            Writer writer) {
        this.errors = errors;
        this.context = context;
        this.connection = connection;
        this.checkpoints = checkpoints;
        this.evolution = evolution;
        this.memory = memory;
        this.holds = holds;
        this.writer = writer;
    }

    /** @return empty when the table is held once more */
    Optional<WriteResult> write(TableId table, Batch batch) throws SQLException, SinkException {
        Hold hold = required(table);
        if (batch.after() <= hold.after()) {
            seen = 0;
        }
        SinkException failure;
        try {
            return write(hold, batch);
        } catch (SinkException e) {
            failure = e;
        } catch (SQLException e) {
            // Also what the target checks at the commit.
            failure = SqlErrors.failure(errors, e, "writing held changes of " + table, List.of());
        }
        forget();
        if (failure.disposition() != Disposition.REJECT) {
            throw failure;
        }
        connection.rollback();
        Hold now = required(table);
        String reason = failure.getMessage() + "; " + failure.remedy();
        memory.hold(now.again(now.wanted(), now.version(), failure.code(), reason, List.of()));
        return Optional.empty();
    }

    private Hold required(TableId table) {
        return holds.of(table).orElseThrow(() -> new IllegalStateException(table + " is not held"));
    }

    private void forget() {
        open = false;
        seen = 0;
    }

    private Optional<WriteResult> write(Hold hold, Batch batch) throws SQLException, SinkException {
        List<Transaction> waiting = new ArrayList<>();
        for (Transaction transaction : batch.transactions()) {
            List<ChangeEvent> events = new ArrayList<>();
            for (ChangeEvent event : transaction.events()) {
                seen++;
                if (seen <= required(hold.table()).skip()) {
                    continue;
                }
                if (!evolution.isSettled(event.schema())) {
                    waiting.add(Holds.part(transaction, events));
                    commit(required(hold.table()), hold.after(), seen - 1, waiting);
                    waiting = new ArrayList<>();
                    events = new ArrayList<>();
                    Optional<Hold> again = evolution.settleHeld(required(hold.table()), event.schema());
                    if (again.isPresent()) {
                        memory.hold(again.get());
                        forget();
                        return Optional.empty();
                    }
                }
                events.add(event);
            }
            waiting.add(Holds.part(transaction, events));
        }
        if (!batch.endsTransaction()) {
            apply(waiting);
            return Optional.of(WriteResult.PENDING);
        }
        commit(required(hold.table()), batch.checkpoint().sequence(), 0, waiting);
        seen = 0;
        return Optional.of(WriteResult.DURABLE);
    }

    private void apply(List<Transaction> transactions) throws SQLException, SinkException {
        if (!open) {
            checkpoints.fence();
            open = true;
        }
        List<Transaction> some =
                transactions.stream().filter(t -> !t.events().isEmpty()).toList();
        if (!some.isEmpty()) {
            writer.write(some);
        }
    }

    private void commit(Hold hold, long after, long skip, List<Transaction> transactions)
            throws SQLException, SinkException {
        apply(transactions);
        Hold moved = memory.move(hold, after, skip);
        memory.record();
        context.faults().hit("sink.jdbc.catch-up-before-commit");
        connection.commit();
        open = false;
        memory.recorded();
        holds.put(moved);
        context.faults().hit("sink.jdbc.catch-up-after-commit");
    }
}
