package dev.tailrace.pipeline;

import dev.tailrace.deadletter.Counts;
import dev.tailrace.deadletter.DeadLetterException;
import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.deadletter.Refusal;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import dev.tailrace.lifecycle.Backoff;
import dev.tailrace.lifecycle.Failpoints;
import dev.tailrace.pipeline.RejectSettings.Policy;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.SinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * Keeps the changes that a target refuses, and all later ones of the same rows, out of the way of the others. Owned by the
 * pipeline's thread.
 *
 * <p>I2: what is taken out of a batch is durable in the log before the batch is written, so before its checkpoint moves. I3:
 * a row that is parked stays so until its lane is empty. What would break them: a death between the refusal and the log
 * (the batch comes again and is refused again), between the log and the batch (the changes are put in anew, by their ids),
 * between the target's commit and the log's end of a lane ({@link Redrive}).
 */
final class Parking implements AutoCloseable {
    /** Attempts to write a refused change, after which it is a dead letter: 1, 2, 4, 8 and 16 s after each other. */
    static final int TRIES = 5;

    private final RejectSettings settings;
    private final DeadLetterLog log;
    private final Refusals refusals;
    private final Duration firstRetry;
    private final Duration longestRetry;
    private final RandomGenerator random;
    private final Logger logger;
    private final String pipeline;

    Parking(
            RejectSettings settings,
            DeadLetterLog log,
            PipelineSettings times,
            RandomGenerator random,
            String pipeline,
            Logger logger) {
        this.settings = settings;
        this.log = log;
        this.refusals = new Refusals(settings.perMinute());
        this.firstRetry = times.firstRetry();
        this.longestRetry = times.longestRetry();
        this.random = random;
        this.pipeline = pipeline;
        this.logger = logger;
    }

    DeadLetterLog log() {
        return log;
    }

    /** Whether anything is set aside at all. */
    boolean parks() {
        return settings.policy() != Policy.HALT;
    }

    Counts counts() throws SinkException {
        try {
            return log.counts();
        } catch (DeadLetterException e) {
            throw failure(e);
        }
    }

    /**
     * Whether some of what waits must be written before more is taken.
     *
     * @param written whether some was written just now, so that there may be room soon; if not, this halts
     */
    boolean isFull(boolean written) throws SinkException {
        long waiting = counts().letters();
        if (waiting >= settings.most() && !written) {
            throw SinkException.halt(
                    "PIPELINE-REJECTS-FULL",
                    waiting + " changes wait for rows that the target refused",
                    "Mend the target, then: tailrace dlq retry (or skip what is not wanted), and resume; or raise"
                            + " rejects-limit.",
                    null);
        }
        return waiting >= settings.most();
    }

    /** The batch without what has to wait; the same batch when that is nothing. */
    Batch withoutParked(Batch batch) throws SinkException {
        try {
            List<Transaction> rest =
                    log.setAside(batch.transactions(), batch.checkpoint().sequence(), batch.after());
            if (rest == batch.transactions()) {
                return batch;
            }
            Failpoints.hit("pipeline.after-park");
            return new Batch(rest, batch.after(), batch.checkpoint());
        } catch (DeadLetterException e) {
            throw failure(e);
        }
    }

    /**
     * The batch, of frames that the others have passed, without what waits in the log.
     *
     * <p>What was put in while the table was held stays there as long as that, see {@link Redrive}: so the same changes are
     * left out whenever the batch is read again.
     */
    Batch withoutWaiting(Batch batch) throws SinkException {
        try {
            if (log.isEmpty()) {
                return batch;
            }
            List<Transaction> rest = new ArrayList<>();
            for (Transaction transaction : batch.transactions()) {
                List<ChangeEvent> events = new ArrayList<>();
                for (ChangeEvent event : transaction.events()) {
                    if (!log.holds(event)) {
                        events.add(event);
                    }
                }
                rest.add(transaction.with(events));
            }
            return new Batch(rest, batch.after(), batch.checkpoint());
        } catch (DeadLetterException e) {
            throw failure(e);
        }
    }

    /**
     * Parks the rows of what was refused, so that the next {@link #withoutParked} takes it out.
     *
     * @param written the batch as the sink was given it
     * @return why that may not be, for an operator; empty when it is done
     */
    Optional<SinkException> park(Batch written, SinkException refused, java.time.Instant now) throws SinkException {
        if (settings.policy() == Policy.HALT) {
            return Optional.of(refused);
        }
        List<ChangeEvent> named = named(written, refused);
        if (named.isEmpty()) {
            return Optional.of(refused);
        }
        if (!refusals.count(now)) {
            refusals.forget();
            return Optional.of(SinkException.halt(
                    "PIPELINE-REJECTS",
                    "the target refused more than " + settings.perMinute() + " changes in a minute, the last time with "
                            + refused.code() + ": " + refused.getMessage(),
                    "Mend the target, then resume; or raise rejects-per-minute. What was set aside before: tailrace dlq"
                            + " list.",
                    refused));
        }
        List<ChangeEvent> parked = named;
        if (settings.policy() == Policy.PARK_TRANSACTION) {
            parked = transactionsOf(written, named);
            if (parked.isEmpty()) {
                return Optional.of(refused); // a part: nobody has the whole transaction in hand
            }
        }
        if (parked.stream().anyMatch(DeadLetterLog::isNeverSetAside)) {
            return Optional.of(refused); // all rows of its table come behind it
        }
        ChangeEvent first = named.get(0);
        try {
            log.park(
                    parked,
                    first.id().text(),
                    refusal(refused),
                    written.checkpoint().sequence(),
                    Micros.of(now),
                    Micros.of(now.plus(wait(0))));
        } catch (DeadLetterException e) {
            throw failure(e);
        }
        Failpoints.hit("pipeline.after-refusal");
        logger.warn(
                "{}: {} {}; {} is set aside, and later changes of its row wait behind it",
                pipeline,
                refused.code(),
                refused.getMessage(),
                first);
        return Optional.empty();
    }

    static Refusal refusal(SinkException refused) {
        return new Refusal(refused.code(), String.valueOf(refused.getMessage()), refused.remedy());
    }

    private static List<ChangeEvent> named(Batch batch, SinkException refused) {
        if (refused.rejected().isEmpty()) {
            return batch.eventCount() == 1 ? batch.events() : List.of();
        }
        Set<String> ids = refused.rejected().stream().map(Object::toString).collect(Collectors.toSet());
        return batch.events().stream()
                .filter(event -> ids.contains(event.id().text()))
                .toList();
    }

    private static List<ChangeEvent> transactionsOf(Batch batch, List<ChangeEvent> named) {
        Set<ChangeEvent> wanted = new HashSet<>(named);
        List<ChangeEvent> all = new ArrayList<>();
        for (Transaction transaction : batch.transactions()) {
            if (transaction.isWhole() && transaction.events().stream().anyMatch(wanted::contains)) {
                all.addAll(transaction.events());
            }
        }
        return all;
    }

    /** How long to wait before the next attempt. */
    Duration wait(int attempts) {
        return Backoff.after(attempts, firstRetry, longestRetry, random);
    }

    /** An operator lets a halted pipeline go on. */
    void resumed() {
        refusals.forget();
    }

    static SinkException failure(DeadLetterException e) {
        return SinkException.retry(
                "DEAD-LETTERS-IO", "the dead letters cannot be read or written: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        log.close();
    }
}
