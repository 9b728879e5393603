package dev.tailrace.deadletter;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.EventCodec;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline's side of one sink's dead letters. A row whose change was refused is <em>parked</em>: that change and all
 * later ones of the row wait in a lane, in their order, until the lane is written and empty.
 *
 * <p>What is put in together with frames behind the target's checkpoint is provisional: these frames are read again after a
 * failure, and {@link #setAside} forgets it first. So an entry is final at the moment when the checkpoint passes its frame,
 * and is durable before that (I2). Nothing is read into memory but what is asked for. Owned by the pipeline's thread.
 */
public final class DeadLetterLog implements AutoCloseable {
    private static final String PARKED = "parked";

    private final LetterFile file;
    private final EventCodec codec = new EventCodec();
    private final Set<TableId> tables = new HashSet<>();
    private Counts counts = Counts.NONE;
    private long pending;

    /** Of the file, as SQLite counts what other processes commit; our own changes make it -1. */
    private long version = -1;

    private DeadLetterLog(LetterFile file) {
        this.file = file;
    }

    /** A log in that file; it is not made before something is put in, nor opened while it is not there. */
    public static DeadLetterLog at(Path file) {
        return new DeadLetterLog(new LetterFile(file));
    }

    /** Where the log of a sink is in the agent's data directory. */
    public static Path file(Path dataDirectory, String sink) {
        return dataDirectory.resolve("dead-letters").resolve(sink + ".db");
    }

    /** Whether nothing waits. Costs nothing as long as nothing was ever refused. */
    public boolean isEmpty() throws DeadLetterException {
        refresh();
        return tables.isEmpty();
    }

    public Counts counts() throws DeadLetterException {
        refresh();
        return counts;
    }

    /** Whether rows of the table are parked. */
    public boolean parks(TableId table) throws DeadLetterException {
        refresh();
        return tables.contains(table);
    }

    private void refresh() throws DeadLetterException {
        if (!file.exists()) {
            return;
        }
        try {
            long now = file.numbers("PRAGMA data_version").get(0);
            if (now != version) {
                load();
                version = now;
            }
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    private void load() throws DeadLetterException, SQLException {
        tables.clear();
        Map<String, Long> tally = new HashMap<>();
        try (ResultSet rows =
                file.statement("SELECT what, name, n FROM tally WHERE n <> 0").executeQuery()) {
            while (rows.next()) {
                String what = rows.getString(1);
                tally.merge(what, rows.getLong(3), Long::sum);
                tally.put(what + " " + rows.getString(2), rows.getLong(3));
                if (what.equals(PARKED)) {
                    tables.add(TableNames.of(rows.getString(2)));
                }
            }
        }
        long lanes = tally.getOrDefault("lane", 0L);
        long trying = tally.getOrDefault("lane " + LaneState.TRYING.label(), 0L);
        pending = lanes - tally.getOrDefault("lane " + LaneState.DEAD.label(), 0L);
        counts = new Counts(
                lanes - trying,
                tally.getOrDefault(PARKED, 0L),
                tally.getOrDefault("letter", 0L),
                tally.getOrDefault("dead", 0L));
    }

    /** One change of the file, whole or not at all. */
    @FunctionalInterface
    private interface Change<T> {
        T make() throws DeadLetterException, SQLException;
    }

    private <T> T change(Change<T> change) throws DeadLetterException {
        try {
            file.begin();
            T result = change.make();
            file.commit();
            return result;
        } catch (SQLException e) {
            throw file.failed(e);
        } finally {
            version = -1;
        }
    }

    /**
     * Puts aside the changes of parked rows; durable when it returns.
     *
     * @param transactions in the source's order, of frames behind the checkpoint
     * @param frame the last of theirs
     * @param after frame behind which these transactions begin; what was put in behind it is forgotten first
     * @return the transactions without them; one that lost all of its changes stays if it is a part, or if no other is left
     */
    public List<Transaction> setAside(List<Transaction> transactions, long frame, long after)
            throws DeadLetterException {
        refresh();
        if (tables.isEmpty() || transactions.stream().noneMatch(this::mayTouch)) {
            return transactions;
        }
        return change(() -> {
            forgetBehind(after);
            boolean touched = false;
            List<Transaction> rest = new ArrayList<>();
            for (Transaction transaction : transactions) {
                List<ChangeEvent> kept = new ArrayList<>();
                for (ChangeEvent event : transaction.events()) {
                    if (!tables.contains(event.table()) || !park(event, transaction, frame)) {
                        kept.add(event);
                    }
                }
                touched |= kept.size() < transaction.events().size();
                if (!kept.isEmpty() || !transaction.isWhole()) {
                    rest.add(with(transaction, kept));
                }
            }
            if (!touched) {
                return transactions;
            }
            if (rest.isEmpty()) {
                rest.add(with(transactions.get(transactions.size() - 1), List.of()));
            }
            return rest;
        });
    }

    private boolean mayTouch(Transaction transaction) {
        return transaction.events().stream().anyMatch(event -> tables.contains(event.table()));
    }

    private static Transaction with(Transaction of, List<ChangeEvent> events) {
        return new Transaction(of.id(), of.position(), of.commitMicros(), events, of.first(), of.last());
    }

    /** What is behind the checkpoint comes again. Which rows are parked by a refusal stays known. */
    private void forgetBehind(long after) throws DeadLetterException, SQLException {
        file.update("DELETE FROM letter WHERE frame > ?", after);
        file.update("DELETE FROM parked WHERE joined = 1 AND frame > ?", after);
    }

    /** @return whether the change waits now */
    private boolean park(ChangeEvent event, Transaction transaction, long frame)
            throws DeadLetterException, SQLException {
        if (event.isSnapshot() && event.operation() == Operation.TRUNCATE) {
            supersede(event.table());
            return false;
        }
        List<RowName> rows = RowName.of(event);
        Optional<Long> lane = join(rows, frame);
        if (lane.isEmpty()) {
            return false;
        }
        file.update(
                "INSERT INTO letter (event_id, lane, source_table, operation, frame, transaction_id, commit_micros, event)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event_id) DO NOTHING",
                event.id().text(),
                lane.get(),
                TableNames.text(event.table()),
                String.valueOf(event.operation().code()),
                frame,
                transaction.id(),
                transaction.commitMicros(),
                codec.encode(event));
        return true;
    }

    /** A snapshot that starts over brings all rows of the table anew: nothing of before is wanted any more. */
    private void supersede(TableId table) throws DeadLetterException, SQLException {
        String name = TableNames.text(table);
        file.update("DELETE FROM letter WHERE source_table = ?", name);
        file.update("DELETE FROM parked WHERE source_table = ?", name);
        file.update("DELETE FROM lane WHERE NOT EXISTS (SELECT 1 FROM parked p WHERE p.lane = lane.lane)");
        tables.remove(table);
    }

    /** The lane of these rows, which is one lane from now on; empty when none of them is parked. */
    private Optional<Long> join(List<RowName> rows, long frame) throws DeadLetterException, SQLException {
        Set<Long> lanes = lanes(rows);
        if (lanes.isEmpty()) {
            return Optional.empty();
        }
        long lane = merge(lanes);
        park(rows, lane, frame, true);
        return Optional.of(lane);
    }

    private Set<Long> lanes(List<RowName> rows) throws DeadLetterException, SQLException {
        Set<Long> lanes = new TreeSet<>();
        for (RowName row : rows) {
            String table = TableNames.text(row.table());
            if (row.isWholeTable()) {
                lanes.addAll(file.numbers("SELECT DISTINCT lane FROM parked WHERE source_table = ?", table));
            } else {
                lanes.addAll(file.numbers(
                        "SELECT lane FROM parked WHERE source_table = ? AND row_key IN (?, '" + RowName.ALL + "')",
                        table,
                        row.key()));
            }
        }
        return lanes;
    }

    private void park(List<RowName> rows, long lane, long frame, boolean joined)
            throws DeadLetterException, SQLException {
        for (RowName row : rows) {
            file.update(
                    "INSERT INTO parked VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    TableNames.text(row.table()),
                    row.key(),
                    lane,
                    frame,
                    joined ? 1 : 0);
            tables.add(row.table());
        }
    }

    /** Into the oldest of them, whose first change is the first of all. */
    private long merge(Set<Long> lanes) throws DeadLetterException, SQLException {
        long into = lanes.iterator().next();
        for (long lane : lanes) {
            if (lane != into) {
                file.update("UPDATE letter SET lane = ? WHERE lane = ?", into, lane);
                file.update("UPDATE parked SET lane = ? WHERE lane = ?", into, lane);
                file.update("DELETE FROM lane WHERE lane = ?", lane);
            }
        }
        return into;
    }

    /**
     * Parks the rows of changes that the target refused. The changes themselves are put in by the next {@link #setAside},
     * which is given them again with all others behind the checkpoint.
     *
     * @param changes of one lane: one change, or all of its transaction
     * @param refused id of the one that was refused
     * @param frame it came in
     * @param nowMicros the time, microseconds since 1970-01-01T00:00:00Z
     * @param nextTryMicros when it is tried again
     */
    public void park(
            List<ChangeEvent> changes, String refused, Refusal why, long frame, long nowMicros, long nextTryMicros)
            throws DeadLetterException {
        change(() -> {
            List<RowName> rows = new ArrayList<>();
            changes.forEach(change -> rows.addAll(RowName.of(change)));
            Set<Long> lanes = lanes(rows);
            long lane = lanes.isEmpty() ? create(refused, why, frame, nowMicros, nextTryMicros) : merge(lanes);
            park(rows, lane, frame, false);
            return lane;
        });
    }

    private long create(String refused, Refusal why, long frame, long nowMicros, long nextTryMicros)
            throws DeadLetterException, SQLException {
        file.update(
                "INSERT INTO lane (state, refused, code, message, remedy, attempts, frame, first_micros, last_micros,"
                        + " next_micros) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
                LaneState.TRYING.label(),
                refused,
                why.code(),
                why.message(),
                why.remedy(),
                frame,
                nowMicros,
                nowMicros,
                nextTryMicros);
        return file.numbers("SELECT last_insert_rowid()").get(0);
    }

    /** Whether that change is in the log. */
    public boolean holds(ChangeEvent event) throws DeadLetterException {
        if (!parks(event.table())) {
            return false;
        }
        try {
            return !file.numbers(
                            "SELECT number FROM letter WHERE event_id = ?",
                            event.id().text())
                    .isEmpty();
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    /**
     * Lanes that are to be tried now: what operators ask for first.
     *
     * @param durable no lane that was begun behind that frame
     */
    public List<Lane> due(long nowMicros, long durable, int most) throws DeadLetterException {
        refresh();
        return pending == 0
                ? List.of()
                : select(
                                "state = 'due' OR (state = 'trying' AND next_micros <= ?) ORDER BY state = 'trying', lane",
                                nowMicros)
                        .stream()
                        .filter(lane -> lane.frame() <= durable)
                        .limit(most)
                        .toList();
    }

    /** The lanes that were being written when the sink went down; see {@link #written} and {@link #notWritten}. */
    public List<Lane> writing() throws DeadLetterException {
        return select("state = 'writing' ORDER BY lane");
    }

    private List<Lane> select(String condition, Object... parameters) throws DeadLetterException {
        List<Lane> lanes = new ArrayList<>();
        try (ResultSet rows = file.statement(
                        "SELECT lane, state, refused, code, message, remedy, attempts, frame, last_micros,"
                                + " next_micros, token FROM lane"
                                + " WHERE " + condition + " LIMIT 1000",
                        parameters)
                .executeQuery()) {
            while (rows.next()) {
                String code = rows.getString(4);
                @Nullable Refusal why = code == null ? null : new Refusal(code, rows.getString(5), rows.getString(6));
                lanes.add(new Lane(
                        rows.getLong(1),
                        LaneState.of(rows.getString(2)),
                        rows.getString(3),
                        why,
                        rows.getInt(7),
                        rows.getLong(8),
                        rows.getLong(9),
                        rows.getLong(10),
                        rows.getString(11)));
            }
            return lanes;
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    /** Tables whose rows are parked in that lane. */
    public Set<TableId> tables(Lane lane) throws DeadLetterException {
        Set<TableId> found = new HashSet<>();
        try (ResultSet rows = file.statement("SELECT DISTINCT source_table FROM parked WHERE lane = ?", lane.number())
                .executeQuery()) {
            while (rows.next()) {
                found.add(TableNames.of(rows.getString(1)));
            }
            return found;
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    /**
     * The first changes of a lane, in order.
     *
     * @param durable none behind that frame
     * @param most how many at most
     * @param mostBytes how large they may be together, as they are stored; the first is given whatever its size
     */
    public List<Letter> letters(Lane lane, long durable, int most, long mostBytes) throws DeadLetterException {
        List<Letter> letters = new ArrayList<>();
        long bytes = 0;
        try (ResultSet rows = file.statement(
                        "SELECT number, event, frame, transaction_id, commit_micros FROM letter"
                                + " WHERE lane = ? AND frame <= ? ORDER BY number LIMIT ?",
                        lane.number(),
                        durable,
                        most)
                .executeQuery()) {
            while (rows.next()) {
                byte[] event = rows.getBytes(2);
                bytes += event.length;
                if (!letters.isEmpty() && bytes > mostBytes) {
                    break;
                }
                letters.add(new Letter(
                        rows.getLong(1),
                        lane.number(),
                        codec.decode(event),
                        rows.getLong(3),
                        rows.getString(4),
                        rows.getLong(5)));
            }
            return letters;
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    /**
     * Notes that the lane is written up to that letter; durable when it returns. While it is, no operator may change it.
     *
     * @param token names the attempt; a target that can keeps it with the changes
     * @return false when somebody took the letters away meanwhile
     */
    public boolean writing(Lane lane, Letter upTo, String token) throws DeadLetterException {
        return change(() -> {
            boolean there = !file.numbers(
                            "SELECT number FROM letter WHERE number = ? AND lane = ?", upTo.number(), lane.number())
                    .isEmpty();
            if (there) {
                file.update(
                        "UPDATE lane SET state = 'writing', token = ?, upto = ?, next_micros = 0 WHERE lane = ?",
                        token,
                        upTo.number(),
                        lane.number());
            }
            return there;
        });
    }

    /** The changes of the attempt are durable at the target: they leave the log, and with the last one the rows go on. */
    public void written(Lane lane) throws DeadLetterException {
        change(() -> {
            file.update(
                    "DELETE FROM letter WHERE lane = ? AND number <= (SELECT upto FROM lane WHERE lane = ?)",
                    lane.number(),
                    lane.number());
            return release(lane);
        });
    }

    /** Ends a lane in which nothing waits. */
    public void releaseEmpty(Lane lane) throws DeadLetterException {
        change(() -> release(lane));
    }

    private boolean release(Lane lane) throws DeadLetterException, SQLException {
        boolean waits = !file.numbers("SELECT number FROM letter WHERE lane = ? LIMIT 1", lane.number())
                .isEmpty();
        if (waits) {
            file.update("UPDATE lane SET state = 'due', token = '', upto = 0 WHERE lane = ?", lane.number());
        } else {
            file.update("DELETE FROM parked WHERE lane = ?", lane.number());
            file.update("DELETE FROM lane WHERE lane = ?", lane.number());
        }
        return waits;
    }

    /**
     * The attempt ended in a failure that says nothing about the change, and maybe not even that it was not written.
     *
     * @param attempts what counts of it
     * @param nextTryMicros when it is made again, if {@link #notWritten} says so
     */
    public void unsure(Lane lane, Refusal why, int attempts, long nowMicros, long nextTryMicros)
            throws DeadLetterException {
        change(() -> file.update(
                "UPDATE lane SET code = ?, message = ?, remedy = ?, attempts = ?, last_micros = ?, next_micros = ?"
                        + " WHERE lane = ? AND state = 'writing'",
                why.code(),
                why.message(),
                why.remedy(),
                attempts,
                nowMicros,
                nextTryMicros,
                lane.number()));
    }

    /**
     * The attempt came to nothing. One that was broken off is made again at once, one that failed when its time comes.
     *
     * @param tries attempts after which it is a dead letter
     */
    public void notWritten(Lane lane, int tries) throws DeadLetterException {
        change(() -> file.update(
                "UPDATE lane SET state = CASE WHEN next_micros = 0 THEN 'due' WHEN attempts >= ? THEN 'dead'"
                        + " ELSE 'trying' END, token = '', upto = 0 WHERE lane = ? AND state = 'writing'",
                tries,
                lane.number()));
    }

    /**
     * The target refused a change of the lane.
     *
     * @param attempts how often this one was tried again
     * @param nextTryMicros when it is tried once more; empty when it is a dead letter now
     */
    public void refused(
            Lane lane, String refused, Refusal why, int attempts, long nowMicros, Optional<Long> nextTryMicros)
            throws DeadLetterException {
        change(() -> {
            if (nextTryMicros.isEmpty()) {
                file.update(
                        "INSERT INTO tally VALUES ('dead', '', 1) ON CONFLICT (what, name) DO UPDATE SET n = n + 1");
            }
            return file.update(
                    "UPDATE lane SET state = ?, refused = ?, code = ?, message = ?, remedy = ?, attempts = ?,"
                            + " last_micros = ?, next_micros = ?, token = '', upto = 0 WHERE lane = ?",
                    (nextTryMicros.isPresent() ? LaneState.TRYING : LaneState.DEAD).label(),
                    refused,
                    why.code(),
                    why.message(),
                    why.remedy(),
                    attempts,
                    nowMicros,
                    nextTryMicros.orElse(0L),
                    lane.number());
        });
    }

    @Override
    public void close() {
        file.close();
        version = -1;
    }
}
