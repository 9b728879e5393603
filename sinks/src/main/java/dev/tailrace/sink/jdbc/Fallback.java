package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.EventId;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;

/**
 * The ways to write a group of transactions whose combined changes the target refused. Constraints that can wait until the
 * end of a transaction do. The group is halved until the transaction in trouble is alone, so that the others stay combined;
 * that one is written change by change in the source's order (I3), and where this fails too, by a {@link Detour}, at first
 * by the narrow one. What is refused then is refused for good, and has the name that the source's order gave it.
 */
final class Fallback {
    private final Dialect dialect;
    private final SqlErrors.Rules errors;
    private final Connection connection;
    private final TargetTables tables;
    private final Applier applier;

    Fallback(Dialect dialect, SqlErrors.Rules errors, Connection connection, TargetTables tables, Applier applier) {
        this.dialect = dialect;
        this.errors = errors;
        this.connection = connection;
        this.tables = tables;
        this.applier = applier;
    }

    /** One way to write something. */
    @FunctionalInterface
    private interface Way {
        /** @return whether it is one */
        boolean take() throws SQLException, SinkException;
    }

    /** Inside the open transaction, of which nothing is undone but what was written here. */
    void write(List<Transaction> group) throws SQLException, SinkException {
        tables.forget();
        halve(group);
    }

    private void halve(List<Transaction> group) throws SQLException, SinkException {
        Optional<SinkException> refused = attempt(group, () -> {
            applier.apply(group);
            return true;
        });
        if (refused.isEmpty()) {
            return;
        }
        if (group.size() > 1) {
            int middle = group.size() / 2;
            halve(group.subList(0, middle));
            halve(group.subList(middle, group.size()));
            return;
        }
        Transaction transaction = group.get(0);
        Optional<SinkException> inOrder = attempt(group, () -> inOrder(transaction));
        if (inOrder.isEmpty()
                || attempt(group, () -> applier.detour(transaction, false)).isEmpty()
                || attempt(group, () -> applier.detour(transaction, true)).isEmpty()) {
            return;
        }
        throw inOrder.get();
    }

    /** @return why nothing of it stays; empty when it is written */
    private Optional<SinkException> attempt(List<Transaction> group, Way way) throws SQLException, SinkException {
        Transaction end = group.get(group.size() - 1);
        Savepoint before = connection.setSavepoint();
        SinkException refused;
        try {
            dialect.deferConstraints(connection);
            if (way.take()) {
                if (end.last()) {
                    dialect.checkConstraints(connection);
                }
                connection.releaseSavepoint(before);
                return Optional.empty();
            }
            refused = SinkException.reject(SqlErrors.REJECTED.code(), "there is no other way", "", List.of(), null);
        } catch (SQLException e) {
            List<EventId> ids = group.size() > 1 ? List.of() : ids(end.events());
            refused = SqlErrors.failure(errors, e, "writing transaction " + end.id(), ids);
        } catch (SinkException e) {
            refused = e;
        }
        if (refused.disposition() != Disposition.REJECT) {
            throw refused;
        }
        connection.rollback(before);
        connection.releaseSavepoint(before);
        tables.rolledBack();
        return Optional.of(refused);
    }

    private boolean inOrder(Transaction transaction) throws SinkException {
        for (List<ChangeEvent> piece : applier.pieces(transaction)) {
            try {
                applier.apply(List.of(transaction.with(piece)));
            } catch (SQLException e) {
                throw SqlErrors.failure(errors, e, "writing " + piece.get(0), ids(piece));
            }
        }
        return true;
    }

    private static List<EventId> ids(List<ChangeEvent> events) {
        return events.stream().map(ChangeEvent::id).toList();
    }
}
