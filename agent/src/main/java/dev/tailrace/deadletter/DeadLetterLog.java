package dev.tailrace.deadletter;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.EventCodec;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pipeline's side of one sink's dead letters. A row whose change was refused is <em>parked</em>: that change and all
 * later ones of the row wait in a lane, in their order, until the lane is written and empty.
 *
 * <p>What is put in together with frames behind the target's checkpoint is provisional: these frames are read again after a
 * failure, and {@link #setAside} forgets it first. So an entry is final at the moment when the checkpoint passes its frame,
 * and is durable before that (I2). Nothing is read into memory but what is asked for. Owned by the pipeline's thread.
 */
public final class DeadLetterLog implements AutoCloseable {
    private final LetterFile file;
    private final Tally tally;
    private final Lanes lanes;
    private final boolean supersedes;
    private final EventCodec codec = new EventCodec();

    private DeadLetterLog(LetterFile file, boolean supersedes) {
        this.file = file;
        this.tally = new Tally(file);
        this.lanes = new Lanes(file, tally);
        this.supersedes = supersedes;
    }

    /**
     * A log in that file; it is not made before something is put in, nor opened while it is not there.
     *
     * @param supersedes whether a later whole image of a row takes the place of what waits for it
     */
    public static DeadLetterLog at(Path file, boolean supersedes) {
        return new DeadLetterLog(new LetterFile(file), supersedes);
    }

    /** Where the log of a sink is in the agent's data directory. */
    public static Path file(Path dataDirectory, String sink) {
        return dataDirectory.resolve("dead-letters").resolve(sink + ".db");
    }

    /** What operators and attempts do with the lanes. */
    public Lanes lanes() {
        return lanes;
    }

    /** Whether nothing waits. Costs nothing as long as nothing was ever refused. */
    public boolean isEmpty() throws DeadLetterException {
        return tally.tables().isEmpty();
    }

    public Counts counts() throws DeadLetterException {
        return tally.counts();
    }

    /**
     * Whether it has to come to the target in its turn, whatever waits: the emptying of a table by a snapshot that starts
     * over, before which nothing is wanted any more and behind which all rows of the table come.
     */
    public static boolean isNeverSetAside(ChangeEvent event) {
        return event.isSnapshot() && event.operation() == Operation.TRUNCATE;
    }

    /** Whether rows of the table are parked. */
    public boolean parks(TableId table) throws DeadLetterException {
        return tally.tables().contains(table);
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
        Set<TableId> tables = new HashSet<>(tally.tables());
        if (tables.isEmpty() || transactions.stream().noneMatch(transaction -> touches(transaction, tables))) {
            return transactions;
        }
        return file.change(() -> {
            forgetBehind(after);
            boolean touched = false;
            List<Transaction> rest = new ArrayList<>();
            for (Transaction transaction : transactions) {
                List<ChangeEvent> kept = new ArrayList<>();
                for (ChangeEvent event : transaction.events()) {
                    if (!tables.contains(event.table()) || !putIn(event, transaction, frame, after)) {
                        kept.add(event);
                    }
                }
                touched |= kept.size() < transaction.events().size();
                if (!kept.isEmpty() || !transaction.isWhole()) {
                    rest.add(transaction.with(kept));
                }
            }
            if (!touched) {
                return transactions;
            }
            if (rest.isEmpty()) {
                rest.add(transactions.get(transactions.size() - 1).with(List.of()));
            }
            return rest;
        });
    }

    private static boolean touches(Transaction transaction, Set<TableId> tables) {
        return transaction.events().stream().anyMatch(event -> tables.contains(event.table()));
    }

    /** What is behind the checkpoint comes again. Which rows are parked by a refusal stays known. */
    private void forgetBehind(long after) throws DeadLetterException, SQLException {
        file.update("DELETE FROM letter WHERE frame > ?", after);
        file.update("DELETE FROM parked WHERE joined = 1 AND frame > ?", after);
    }

    /** @return whether the change waits now */
    private boolean putIn(ChangeEvent event, Transaction transaction, long frame, long after)
            throws DeadLetterException, SQLException {
        if (isNeverSetAside(event)) {
            forget(event.table(), after);
            return false;
        }
        List<RowName> rows = RowName.of(event);
        Optional<Long> lane = join(rows, frame);
        if (lane.isEmpty()) {
            return false;
        }
        if (supersedes && isWholeImage(event)) {
            supersede(lane.get(), event, frame);
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

    /**
     * A snapshot that starts over brings all rows of the table anew: nothing of before is wanted any more. A row that was
     * parked behind the checkpoint stays parked: its refused change may be one of the new rows, and would be sent and refused
     * for ever.
     */
    private void forget(TableId table, long after) throws DeadLetterException, SQLException {
        String name = TableNames.text(table);
        file.update("DELETE FROM letter WHERE source_table = ?", name);
        file.update("DELETE FROM parked WHERE source_table = ? AND (joined = 1 OR frame <= ?)", name, after);
        file.update("DELETE FROM lane WHERE NOT EXISTS (SELECT 1 FROM parked p WHERE p.lane = lane.lane)");
    }

    /** Whether the row is what it shall be once this change alone is written, whatever came before. */
    private static boolean isWholeImage(ChangeEvent event) {
        Row after = event.after();
        return event.schema().hasKey()
                && event.operation() != Operation.TRUNCATE
                && !event.changesKey()
                && (after == null || !after.hasAbsent());
    }

    /**
     * What waits in a lane of one row is not wanted any more, and nobody was asked yet for what comes in its place. The
     * refused change of the lane, which is still to be put in, stays.
     */
    private void supersede(long lane, ChangeEvent by, long frame) throws DeadLetterException, SQLException {
        boolean alone =
                file.numbers("SELECT count(*) FROM parked WHERE lane = ?", lane).equals(List.of(1L));
        if (alone
                && file.update(
                                "DELETE FROM letter WHERE lane = ? AND event_id <> ?",
                                lane,
                                by.id().text())
                        > 0) {
            file.update(
                    "UPDATE lane SET state = 'trying', refused = ?, code = NULL, message = NULL, remedy = NULL,"
                            + " attempts = 0, frame = ?, next_micros = 0 WHERE lane = ?",
                    by.id().text(),
                    frame,
                    lane);
        }
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

    /**
     * @param joined behind a parked row, and not for a refusal of its own; what is parked for both stays when the joining is
     *     forgotten, else its refused change would be sent and refused for ever
     */
    private void park(List<RowName> rows, long lane, long frame, boolean joined)
            throws DeadLetterException, SQLException {
        for (RowName row : rows) {
            file.update(
                    "INSERT INTO parked VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT DO UPDATE SET joined = 0 WHERE joined > excluded.joined",
                    TableNames.text(row.table()),
                    row.key(),
                    lane,
                    frame,
                    joined ? 1 : 0);
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
        file.change(() -> {
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

    @Override
    public void close() {
        file.close();
    }
}
