package dev.tailrace.deadletter;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.EventCodec;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator's side of one sink's dead letters, beside a running agent or without one: the agent looks for orders by
 * itself. Every order is kept in the file, with who gave it and why. One thread.
 */
public final class DeadLetterDesk implements AutoCloseable {
    private final LetterFile file;
    private final EventCodec codec = new EventCodec();
    private final String operator;

    private DeadLetterDesk(LetterFile file, String operator) {
        this.file = file;
        this.operator = operator;
    }

    /** @param operator who gives the orders, as the audit shows it */
    public static DeadLetterDesk at(Path file, String operator) {
        return new DeadLetterDesk(new LetterFile(file), operator);
    }

    /**
     * Which letters are meant.
     *
     * @param number one letter; null for all
     * @param table of the source, {@code schema.table}; null for all
     * @param code of the refusal; null for all
     * @param dead refused changes alone, without what waits behind them
     */
    public record Filter(
            @Nullable Long number,
            @Nullable String table,
            @Nullable String code,
            boolean dead) {}

    /**
     * A letter without its values.
     *
     * @param waitsFor number of the refused letter before it; null for a refused one
     * @param state of its lane
     * @param waiting for a refused one, how many wait behind it
     */
    public record Entry(
            long number,
            String eventId,
            String table,
            String operation,
            long frame,
            String transaction,
            long commitMicros,
            @Nullable Long waitsFor,
            LaneState state,
            @Nullable Refusal refusal,
            int attempts,
            long firstMicros,
            long lastMicros,
            long nextMicros,
            long waiting) {

        /** The part of its source transaction that is this change. */
        public Transaction transaction(ChangeEvent event) {
            return Transaction.whole(transaction, event.position(), commitMicros, List.of(event));
        }
    }

    /** One order that was given. */
    public record Order(long atMicros, String operator, String action, String eventId, String reason) {}

    /** Gets each entry in the order of the changes. */
    @FunctionalInterface
    public interface Reader {
        void read(Entry entry, ChangeEvent event);
    }

    private static final String FROM = " FROM letter l JOIN lane a ON a.lane = l.lane"
            + " JOIN (SELECT lane, min(number) AS first, count(*) AS n FROM letter GROUP BY lane) h ON h.lane = l.lane"
            + " WHERE (?1 IS NULL OR l.number = ?1) AND (?2 IS NULL OR replace(l.source_table, char(31), '.') = ?2)"
            + " AND (?3 IS NULL OR a.code = ?3) AND (?4 = 0 OR l.number = h.first)";

    /** Reads what is meant, one after the other; nothing is kept. */
    public void read(Filter filter, Reader reader) throws DeadLetterException {
        if (!file.exists()) {
            return;
        }
        try (ResultSet rows = statement(
                "SELECT l.number, l.event_id, l.source_table, l.operation, l.frame,"
                        + " l.commit_micros, h.first, a.state, a.code, a.message, a.remedy, a.attempts, a.first_micros,"
                        + " a.last_micros, a.next_micros, h.n, l.event, l.transaction_id" + FROM + " ORDER BY l.number",
                filter)) {
            while (rows.next()) {
                reader.read(entry(rows), codec.decode(rows.getBytes(17)));
            }
        } catch (SQLException e) {
            throw new DeadLetterException(file.path(), e);
        }
    }

    private ResultSet statement(String sql, Filter filter) throws DeadLetterException, SQLException {
        return file.statement(sql, filter.number(), filter.table(), filter.code(), filter.dead() ? 1 : 0)
                .executeQuery();
    }

    private static Entry entry(ResultSet row) throws SQLException {
        long number = row.getLong(1);
        long first = row.getLong(7);
        String code = row.getString(9);
        return new Entry(
                number,
                row.getString(2),
                TableNames.of(row.getString(3)).toString(),
                row.getString(4),
                row.getLong(5),
                row.getString(18),
                row.getLong(6),
                number == first ? null : first,
                LaneState.of(row.getString(8)),
                code == null || number != first ? null : new Refusal(code, row.getString(10), row.getString(11)),
                row.getInt(12),
                row.getLong(13),
                row.getLong(14),
                row.getLong(15),
                number == first ? row.getLong(16) - 1 : 0);
    }

    /**
     * Lets the lanes of what is meant be tried again at once.
     *
     * @return their refused letters
     */
    public List<Long> retry(Filter filter, String reason, long nowMicros) throws DeadLetterException {
        return order(List.of(), () -> {
            List<Long> firsts = firsts(filter);
            for (long first : firsts) {
                audit("retry", first, reason, nowMicros);
                tryAgain(first);
            }
            return firsts;
        });
    }

    /** What {@link #retry} would do. */
    public List<Long> wouldRetry(Filter filter) throws DeadLetterException {
        if (!file.exists()) {
            return List.of();
        }
        try {
            return firsts(filter);
        } catch (SQLException e) {
            throw new DeadLetterException(file.path(), e);
        }
    }

    private List<Long> firsts(Filter filter) throws DeadLetterException, SQLException {
        List<Long> firsts = new ArrayList<>();
        try (ResultSet rows = statement("SELECT DISTINCT h.first" + FROM + " ORDER BY 1", filter)) {
            while (rows.next()) {
                firsts.add(rows.getLong(1));
            }
        }
        return firsts;
    }

    /**
     * Takes a letter out for good: its change never comes to the target. What waits behind it is tried next. The change
     * stays in the audit.
     *
     * @return false when there is no such letter, or it is being written at this moment
     */
    public boolean skip(long number, String reason, long nowMicros) throws DeadLetterException {
        return order(false, () -> {
            if (!isFree(number)) {
                return false;
            }
            audit("skip", number, reason, nowMicros);
            tryAgain(number);
            file.update("DELETE FROM letter WHERE number = ?", number);
            return true;
        });
    }

    /** Makes another change of one; it may say no by an exception. */
    @FunctionalInterface
    public interface Correction<X extends Exception> {
        ChangeEvent of(ChangeEvent event) throws X;
    }

    /**
     * Puts another change in a letter's place and lets it be tried again at once. The one before stays in the audit.
     *
     * @param correction gives a change of the same row
     * @return false when there is no such letter, or it is being written at this moment
     */
    public <X extends Exception> boolean edit(long number, Correction<X> correction, String reason, long nowMicros)
            throws DeadLetterException, X {
        if (!file.exists()) {
            return false;
        }
        ChangeEvent before = find(number);
        if (before == null) {
            return false;
        }
        byte[] corrected = codec.encode(correction.of(before));
        return order(false, () -> {
            if (!isFree(number)) {
                return false;
            }
            audit("edit", number, reason, nowMicros);
            file.update("UPDATE letter SET event = ? WHERE number = ?", corrected, number);
            tryAgain(number);
            return true;
        });
    }

    private @Nullable ChangeEvent find(long number) throws DeadLetterException {
        try (ResultSet row = file.statement("SELECT event FROM letter WHERE number = ?", number)
                .executeQuery()) {
            return row.next() ? codec.decode(row.getBytes(1)) : null;
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    private boolean isFree(long number) throws DeadLetterException, SQLException {
        return !file.numbers(
                        "SELECT l.number FROM letter l JOIN lane a ON a.lane = l.lane"
                                + " WHERE l.number = ? AND a.state <> 'writing'",
                        number)
                .isEmpty();
    }

    /** An attempt that is under way may have begun before the target was mended: then one more follows. */
    private void tryAgain(long number) throws DeadLetterException, SQLException {
        file.update(
                "UPDATE lane SET state = CASE state WHEN 'writing' THEN state ELSE 'due' END, next_micros = "
                        + Lanes.ASKED_FOR + " WHERE lane = (SELECT lane FROM letter WHERE number = ?)",
                number);
    }

    private void audit(String action, long number, String reason, long nowMicros)
            throws DeadLetterException, SQLException {
        String kept = action.equals("retry") ? "NULL" : "event";
        file.update(
                "INSERT INTO audit (at_micros, operator, action, event_id, reason, event)"
                        + " SELECT ?, ?, ?, event_id, ?, " + kept + " FROM letter WHERE number = ?",
                nowMicros,
                operator,
                action,
                reason,
                number);
    }

    private <T> T order(T nothing, LetterFile.Change<T> change) throws DeadLetterException {
        return file.exists() ? file.change(change) : nothing;
    }

    /** The orders given so far, oldest first. */
    public List<Order> orders() throws DeadLetterException {
        List<Order> orders = new ArrayList<>();
        if (!file.exists()) {
            return orders;
        }
        try (ResultSet rows = file.statement(
                        "SELECT at_micros, operator, action, event_id, reason FROM audit ORDER BY number")
                .executeQuery()) {
            while (rows.next()) {
                orders.add(new Order(
                        rows.getLong(1), rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)));
            }
            return orders;
        } catch (SQLException e) {
            throw new DeadLetterException(file.path(), e);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
