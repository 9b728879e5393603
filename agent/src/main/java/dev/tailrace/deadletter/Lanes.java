package dev.tailrace.deadletter;

import dev.tailrace.event.TableId;
import dev.tailrace.journal.EventCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attempts to write what waits in a {@link DeadLetterLog}, one lane after the other. Owned by the pipeline's thread. */
public final class Lanes {
    /** Takes the place of the time of the next attempt when an operator has asked for one since the last began. */
    static final int ASKED_FOR = -1;

    private final LetterFile file;
    private final Tally tally;
    private final EventCodec codec = new EventCodec();

    Lanes(LetterFile file, Tally tally) {
        this.file = file;
        this.tally = tally;
    }

    /**
     * Lanes that are to be tried now: what operators ask for first. One whose last attempt lies ahead is due as well: the
     * clock was set back since then, and nobody knows how long its wait would be.
     *
     * @param durable no lane that was begun behind that frame
     */
    public List<Lane> due(long nowMicros, long durable, int most) throws DeadLetterException {
        return tally.untried() == 0
                ? List.of()
                : select(
                                "state = 'due' OR (state = 'trying' AND (next_micros <= ? OR last_micros > ?))"
                                        + " ORDER BY state = 'trying', lane",
                                nowMicros,
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
        return file.change(() -> {
            boolean there = !file.numbers(
                            "SELECT number FROM letter WHERE number = ? AND lane = ?", upTo.number(), lane.number())
                    .isEmpty();
            if (there) {
                file.update(
                        "UPDATE lane SET token = ?, upto = ?, next_micros = CASE state WHEN 'writing' THEN next_micros"
                                + " ELSE 0 END, state = 'writing' WHERE lane = ?",
                        token,
                        upTo.number(),
                        lane.number());
            }
            return there;
        });
    }

    /** The changes of the attempt are durable at the target: they leave the log, and with the last one the rows go on. */
    public void written(Lane lane) throws DeadLetterException {
        file.change(() -> {
            file.update(
                    "DELETE FROM letter WHERE lane = ? AND number <= (SELECT upto FROM lane WHERE lane = ?)",
                    lane.number(),
                    lane.number());
            return release(lane);
        });
    }

    /** Ends a lane in which nothing waits. */
    public void releaseEmpty(Lane lane) throws DeadLetterException {
        file.change(() -> release(lane));
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
        file.change(() -> file.update(
                "UPDATE lane SET code = ?, message = ?, remedy = ?, attempts = ?, last_micros = ?,"
                        + " next_micros = CASE WHEN next_micros < 0 THEN next_micros ELSE ? END WHERE lane = ? AND state = 'writing'",
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
        file.change(() -> file.update(
                "UPDATE lane SET state = CASE WHEN next_micros <= 0 THEN 'due' WHEN attempts >= ? THEN 'dead'"
                        + " ELSE 'trying' END, token = '', upto = 0 WHERE lane = ? AND state = 'writing'",
                tries,
                lane.number()));
    }

    /**
     * The target refused a change of the lane.
     *
     * @param attempts how often this one was tried again
     * @param nextTryMicros when it is tried once more; empty when it shall be a dead letter now
     * @return what it is now: due all the same when an operator has asked for it since the attempt began
     */
    public LaneState refused(
            Lane lane, String refused, Refusal why, int attempts, long nowMicros, Optional<Long> nextTryMicros)
            throws DeadLetterException {
        return file.change(() -> {
            LaneState next = nextTryMicros.isPresent() ? LaneState.TRYING : LaneState.DEAD;
            if (!file.numbers("SELECT lane FROM lane WHERE lane = ? AND next_micros < 0", lane.number())
                    .isEmpty()) {
                next = LaneState.DUE;
            }
            if (next == LaneState.DEAD) {
                file.update(
                        "INSERT INTO tally VALUES ('dead', '', 1) ON CONFLICT (what, name) DO UPDATE SET n = n + 1");
            }
            file.update(
                    "UPDATE lane SET state = ?, refused = ?, code = ?, message = ?, remedy = ?, attempts = ?,"
                            + " last_micros = ?, next_micros = ?, token = '', upto = 0 WHERE lane = ?",
                    next.label(),
                    refused,
                    why.code(),
                    why.message(),
                    why.remedy(),
                    attempts,
                    nowMicros,
                    nextTryMicros.orElse(0L),
                    lane.number());
            return next;
        });
    }
}
