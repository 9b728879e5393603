package dev.tailrace.pipeline;

import dev.tailrace.deadletter.DeadLetterException;
import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.deadletter.Lane;
import dev.tailrace.deadletter.LaneState;
import dev.tailrace.deadletter.Lanes;
import dev.tailrace.deadletter.Letter;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import dev.tailrace.lifecycle.Failpoints;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes what waits in the dead-letter log, one lane at a time, between two transactions of the others. Owned by the
 * pipeline's thread.
 *
 * <p>An attempt is noted in the log with a token, then made, then taken out of the log. A target that keeps its own
 * checkpoint keeps the token with the changes, so that after a death in between the attempt is known to be done or not.
 */
final class Redrive {
    private static final int MOST = 500;
    private static final long MOST_BYTES = 1 << 20;
    private static final int LOOK_AT = 100;

    private final DeliveryParts parts;
    private final Parking parking;
    private final DeadLetterLog log;
    private final Lanes lanes;
    private long attempts;

    /** When the target took something in its turn, and so was in order. */
    private long takenMicros;

    /** What waits must not keep the others waiting: after an attempt at which the target failed they come first. */
    private boolean othersFirst;

    Redrive(DeliveryParts parts) {
        this.parts = parts;
        this.parking = parts.parking();
        this.log = parking.log();
        this.lanes = log.lanes();
    }

    void taken(long nowMicros) {
        takenMicros = nowMicros;
        othersFirst = false;
    }

    /** There is nothing that could be taken in its turn. */
    void idle() {
        othersFirst = false;
    }

    /** After each opening: what was under way when the sink or the agent went down. */
    void recover(Sink sink) throws SinkException {
        try {
            if (log.isEmpty()) {
                return;
            }
            String done = sink instanceof CheckpointingSink keeper ? keeper.redriven() : "";
            for (Lane lane : lanes.writing()) {
                if (lane.token().equals(done)) {
                    lanes.written(lane);
                } else {
                    lanes.notWritten(lane, Parking.TRIES);
                }
            }
        } catch (DeadLetterException e) {
            throw Parking.failure(e);
        }
    }

    /**
     * Makes one attempt with one lane.
     *
     * @param durable the frame up to which everything is durable at the target; what was put in behind it waits
     * @param held whose rows wait for their table, not for a lane
     * @return whether there was anything to do
     */
    boolean step(Sink sink, long durable, List<HeldTable> held) throws SinkException {
        Set<TableId> tables = held.stream().map(HeldTable::table).collect(Collectors.toSet());
        if (othersFirst) {
            return false;
        }
        try {
            for (Lane lane : lanes.due(Micros.of(parts.clock().instant()), durable, LOOK_AT)) {
                if (tables.isEmpty() || lanes.tables(lane).stream().noneMatch(tables::contains)) {
                    attempt(sink, lane, durable);
                    return true;
                }
            }
            return false;
        } catch (DeadLetterException e) {
            throw Parking.failure(e);
        }
    }

    private void attempt(Sink sink, Lane lane, long durable) throws SinkException, DeadLetterException {
        List<Letter> letters = lanes.letters(lane, durable, MOST, MOST_BYTES);
        if (letters.isEmpty()) {
            lanes.releaseEmpty(lane);
            return;
        }
        SinkException refused = write(sink, lane, letters);
        if (refused == null) {
            return;
        }
        int at = index(letters, refused);
        if (at > 0) {
            // What stands before it is not to blame.
            if (write(sink, lane, letters.subList(0, at)) != null) {
                at = 0;
            }
        }
        refuse(lane, letters.get(at), refused);
    }

    private static int index(List<Letter> letters, SinkException refused) {
        for (int i = 0; i < letters.size(); i++) {
            if (refused.rejected().contains(letters.get(i).event().id())) {
                return i;
            }
        }
        return 0;
    }

    /** @return why the target refused it; null when it is written */
    private @org.jspecify.annotations.Nullable SinkException write(Sink sink, Lane lane, List<Letter> letters)
            throws SinkException, DeadLetterException {
        String token = parts.context().token() + "-" + ++attempts;
        Letter last = letters.get(letters.size() - 1);
        if (!lanes.writing(lane, last, token)) {
            return null; // an operator took it away meanwhile
        }
        Failpoints.hit("pipeline.before-redrive");
        Checkpoint place = new Checkpoint(
                parts.journal().id(),
                last.frame(),
                parts.journal().tokenOf(last.frame()),
                last.event().position().toString());
        Batch batch = new Batch(transactions(letters), place);
        try {
            if (sink instanceof CheckpointingSink keeper) {
                keeper.redrive(token, batch);
            } else {
                sink.write(batch);
            }
        } catch (SinkException e) {
            if (e.disposition() == Disposition.REJECT) {
                return e;
            }
            unsure(lane, e);
            throw e; // whether it was written is found out after the next opening
        }
        Failpoints.hit("pipeline.after-redrive");
        lanes.written(lane);
        long now = Micros.of(parts.clock().instant());
        for (Letter letter : letters) {
            parts.listener().applied(letter.event().table(), 1, Math.max(0, now - letter.commitMicros()));
        }
        return null;
    }

    /** A target out of order is no fault of the change; one that takes others all the while, and never this one, is. */
    private void unsure(Lane lane, SinkException failure) throws DeadLetterException {
        othersFirst = true;
        Instant now = parts.clock().instant();
        boolean counts = takenMicros > lane.lastMicros();
        int tried = lane.attempts() + (counts ? 1 : 0);
        long next = Micros.of(now.plus(parking.wait(Math.min(tried, Parking.TRIES))));
        lanes.unsure(lane, Parking.refusal(failure), tried, Micros.of(now), next);
    }

    private static List<Transaction> transactions(List<Letter> letters) {
        List<Transaction> transactions = new ArrayList<>();
        List<ChangeEvent> events = new ArrayList<>();
        for (int i = 0; i < letters.size(); i++) {
            Letter letter = letters.get(i);
            events.add(letter.event());
            boolean ends = i + 1 == letters.size()
                    || !letters.get(i + 1).transaction().equals(letter.transaction())
                    || letters.get(i + 1).commitMicros() != letter.commitMicros();
            if (ends) {
                transactions.add(Transaction.whole(
                        letter.transaction(), letter.event().position(), letter.commitMicros(), events));
                events = new ArrayList<>();
            }
        }
        return transactions;
    }

    private void refuse(Lane lane, Letter letter, SinkException refused) throws DeadLetterException {
        String id = letter.event().id().text();
        Instant now = parts.clock().instant();
        int tried = lane.refused().equals(id) ? lane.attempts() + 1 : 0;
        boolean dead = tried >= Parking.TRIES;
        Optional<Long> next = dead ? Optional.empty() : Optional.of(Micros.of(now.plus(parking.wait(tried))));
        LaneState state = lanes.refused(lane, id, Parking.refusal(refused), tried, Micros.of(now), next);
        if (state == LaneState.DEAD && lane.state() == LaneState.TRYING) {
            parts.log()
                    .error(
                            "{}: {} is a dead letter after {} attempts: {} {}\n  {}; then: tailrace dlq retry",
                            parts.pipeline(),
                            letter.event(),
                            tried,
                            refused.code(),
                            refused.getMessage(),
                            refused.remedy());
        }
    }
}
