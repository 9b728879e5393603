package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.jdbc.RowStatements.Move;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes of keys. Rows are moved by an UPDATE of the key, in the source's order: the columns that the source did not
 * send stay, and the target's own foreign keys follow or object as they would at the source.
 */
final class Moves {
    private final Dialect dialect;
    private final RowStatements statements;
    private final Connection connection;

    Moves(Dialect dialect, RowStatements statements, Connection connection) {
        this.dialect = dialect;
        this.statements = statements;
        this.connection = connection;
    }

    static List<Move> of(List<ChangeEvent> events) {
        List<Move> moves = new ArrayList<>(events.size());
        for (ChangeEvent event : events) {
            Row before = event.before();
            if (before == null) {
                throw new IllegalArgumentException(event + " does not change a key");
            }
            moves.add(new Move(before, Compaction.completed(event)));
        }
        return moves;
    }

    /** Whether a later move starts at a key that an earlier one took: a chain, or rows that change places. */
    static boolean depend(List<Move> moves) {
        Set<List<Object>> taken = new HashSet<>();
        for (Move move : moves) {
            if (taken.contains(RowKey.of(move.before()))) {
                return true;
            }
            taken.add(RowKey.of(move.after()));
        }
        return false;
    }

    /** @param events key changes of this one table */
    void apply(TableBinding table, List<ChangeEvent> events) throws SQLException, SinkException {
        List<Move> moves = of(events);
        if (!depend(moves)) {
            inOrder(table, moves, events);
            return;
        }
        Savepoint before = connection.setSavepoint();
        try {
            inOrder(table, moves, events);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!dialect.errors().duplicateKey(e)) {
                throw e;
            }
            // One statement at the source, checked at its end: rows changed places.
            connection.rollback(before);
            statements.rotate(table, moves);
            afterRotation(table, moves, events);
        }
    }

    private void inOrder(TableBinding table, List<Move> moves, List<ChangeEvent> events)
            throws SQLException, SinkException {
        List<Move> missing = new ArrayList<>();
        int from = 0;
        while (from < moves.size()) {
            List<Integer> present = Compaction.present(moves.get(from).after());
            int to = from + 1;
            while (to < moves.size()
                    && Compaction.present(moves.get(to).after()).equals(present)) {
                to++;
            }
            boolean[] found = statements.move(table, UpsertApplier.writable(table, present), moves.subList(from, to));
            for (int i = 0; i < found.length; i++) {
                if (!found[i]) {
                    missing.add(moves.get(from + i));
                }
            }
            from = to;
        }
        insert(table, missing, events);
    }

    /** Rows that the target lacked come in where their last move took them, if the source sent them whole. */
    private void insert(TableBinding table, List<Move> missing, List<ChangeEvent> events)
            throws SQLException, SinkException {
        for (int i = 0; i < missing.size(); i++) {
            Row row = missing.get(i).after();
            List<Object> key = RowKey.of(row);
            boolean movedOn = missing.subList(i + 1, missing.size()).stream()
                    .anyMatch(m -> RowKey.of(m.before()).equals(key));
            if (movedOn) {
                continue;
            }
            if (row.hasAbsent()) {
                throw UpsertApplier.rowMissing(table, events);
            }
            statements.upsert(table, table.writable(), List.of(row));
        }
    }

    private void afterRotation(TableBinding table, List<Move> moves, List<ChangeEvent> events)
            throws SQLException, SinkException {
        for (Move move : moves) {
            Row row = move.after();
            if (!row.hasAbsent()) {
                statements.upsert(table, table.writable(), List.of(row));
                continue;
            }
            List<Integer> columns = UpsertApplier.writable(table, Compaction.present(row));
            if (columns.size() > table.key().size() && statements.update(table, columns, List.of(row)) == 0) {
                throw UpsertApplier.rowMissing(table, events);
            }
        }
    }
}
