package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.RowStatements.Move;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows that change places where unique keys are checked row by row: a row moves once its new key is free, and of a ring
 * one waits at a key that nobody has. Deleting and inserting instead would take the children of a cascading foreign key
 * along.
 */
public final class KeyRotation {
    private static final int ATTEMPTS = 16;

    private final Dialect dialect;
    private final Mover mover;
    private final Parking parking;

    public KeyRotation(Dialect dialect, Mover mover, Parking parking) {
        this.dialect = dialect;
        this.mover = mover;
        this.parking = parking;
    }

    /** Gives one row another key. */
    @FunctionalInterface
    public interface Mover {
        void move(TableBinding table, Move move) throws SQLException;
    }

    /** Key values that are hardly in use. */
    @FunctionalInterface
    public interface Parking {
        /**
         * A value for the column at that position.
         *
         * @param attempt from 0; another value for each
         * @return empty when the column has no room for such a value
         */
        Optional<Object> value(TableBinding table, int position, int attempt);
    }

    public void apply(TableBinding table, List<Move> moves) throws SQLException {
        Map<List<Object>, Move> pending = new LinkedHashMap<>();
        moves.forEach(m -> pending.put(RowKey.of(m.before()), m));
        while (!pending.isEmpty()) {
            Optional<List<Object>> free = pending.entrySet().stream()
                    .filter(e -> isFree(e.getKey(), RowKey.of(e.getValue().after()), pending.keySet()))
                    .map(Map.Entry::getKey)
                    .findFirst();
            List<Object> key = free.orElseGet(() -> pending.keySet().iterator().next());
            Move move = pending.remove(key);
            if (move == null) {
                throw new IllegalStateException("a move that was just seen is gone");
            }
            if (free.isPresent()) {
                mover.move(table, move);
            } else {
                Row parked = park(table, move.before());
                pending.put(RowKey.of(parked), new Move(parked, move.after()));
            }
        }
    }

    private static boolean isFree(List<Object> own, List<Object> wanted, Set<List<Object>> taken) {
        return wanted.equals(own) || !taken.contains(wanted);
    }

    private Row park(TableBinding table, Row row) throws SQLException {
        int last = table.key().get(table.key().size() - 1);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Object> value = parking.value(table, last, attempt);
            if (value.isEmpty()) {
                break;
            }
            @Nullable Object[] values = new Object[table.schema().size()];
            Arrays.fill(values, Row.absent());
            table.key().forEach(k -> values[k] = row.value(k));
            values[last] = value.get();
            Row parked = Row.of(table.schema(), values);
            try {
                mover.move(table, new Move(row, parked));
                return parked;
            } catch (SQLException e) {
                if (!dialect.errors().duplicateKey(e)) {
                    throw e;
                }
            }
        }
        throw new ValueException("rows of " + table.table().name()
                + " change places by their key, and the target has no free key to do it by");
    }
}
