package dev.tailrace.pipeline;

import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.JournalException;
import dev.tailrace.lifecycle.Failpoints;
import dev.tailrace.lifecycle.Worker;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.HoldingSink;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The duty cycle of a pipeline: open the sink and find the place, then take frames, write, move the checkpoint. Every
 * mutable state here belongs to the pipeline's thread.
 *
 * <p>A batch that failed stays {@linkplain InFlight in flight} and is handed over again as it was, unless the target turns
 * out to hold it already, or parts of a big transaction were rolled back with it: then the reader goes back to the last
 * durable frame (I3).
 */
final class Delivery implements Worker {
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final DeliveryParts parts;
    private final Checkpoints checkpoints;
    private final PipelineProgress progress;
    private final ErrorEpisode episode;
    private final InFlight flight;
    private final CatchUp catchUp;
    private final Redrive redrive;
    private final Placement placement;
    private @Nullable Sink sink;

    /** What was refused may refer to rows that are catching up: it is tried again behind them. */
    private boolean waitsForHeld;

    Delivery(DeliveryParts parts) {
        this.parts = parts;
        this.checkpoints = parts.checkpoints();
        this.progress = parts.progress();
        this.episode = parts.episode();
        this.flight = new InFlight(parts);
        this.catchUp = new CatchUp(parts);
        this.redrive = new Redrive(parts);
        this.placement = new Placement(parts, flight);
    }

    @Override
    public String roleName() {
        return "sink-" + parts.settings().name();
    }

    @Override
    public boolean doWork() throws Exception {
        progress.turned();
        if (progress.state() == PipelineState.HALTED) {
            return waitHalted();
        }
        if (parts.orders().isPaused()) {
            return waitPaused();
        }
        if (progress.state() == PipelineState.PAUSED) {
            become(PipelineState.RUNNING);
        }
        try {
            return deliver();
        } catch (SinkException e) {
            if (!parts.stop().isRaised()) {
                failed(e);
            }
        } catch (JournalException e) {
            readAgain();
            haltFor(ErrorEpisode.halting(e));
        } catch (InterruptedException | OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (parts.stop().isRaised() && Thread.currentThread().isInterrupted()) {
                return true; // what the interrupt of a bounded close broke off is no defect
            }
            parts.log().error("{}: a defect stopped this sink", parts.pipeline(), e);
            String what = "A defect in the agent or its sink: " + e;
            readAgain();
            halt("PIPELINE-BUG", what, "Report it with the stack trace in the log.");
        }
        return true;
    }

    /** What the reader had passed when it failed was taken by nobody: it is read again after a resume. */
    private void readAgain() {
        storeQuietly();
        flight.close();
    }

    private boolean deliver() throws SinkException, JournalException, InterruptedException {
        Sink open = sink != null ? sink : open();
        boolean caughtUp = open instanceof HoldingSink holding && goOnWithHeld(holding);
        if (caughtUp && waitsForHeld) {
            return true;
        }
        waitsForHeld = false;
        boolean redriven = redrive(open);
        if (!flight.isTransactionOpen() && parts.parking().isFull(redriven)) {
            return true;
        }
        Portion portion = flight.take();
        if (portion == null) {
            redrive.idle();
            checkpoints.storeWhenDue();
            running();
            return caughtUp || redriven || flight.awaitMore(IDLE);
        }
        if (portion.batch() == null) {
            pass(portion);
            running();
        } else {
            write(open, portion.with(parts.parking().withoutParked(portion.batch())));
        }
        return true;
    }

    /** One lane of what was set aside, between two transactions of the others. */
    private boolean redrive(Sink open) throws SinkException {
        if (flight.isTransactionOpen()) {
            return false;
        }
        boolean worked = redrive.step(open, checkpoints.durable(), progress.held());
        progress.deadLetters(parts.parking().counts());
        return worked;
    }

    /** One step of the tables that may go on, between two transactions of the others. */
    private boolean goOnWithHeld(HoldingSink holding) throws SinkException, JournalException {
        if (flight.isTransactionOpen()) {
            return false;
        }
        for (TableId table : parts.orders().takeApprovals()) {
            holding.approve(table);
            parts.log().info("{}: {} is approved", parts.pipeline(), table);
        }
        boolean worked = catchUp.step(holding, checkpoints.durable());
        showHeld(holding);
        return worked;
    }

    private void showHeld(HoldingSink holding) {
        List<HeldTable> held = holding.held();
        progress.held(held);
        checkpoints.heldAfter(held.stream().mapToLong(HeldTable::after).min().orElse(Long.MAX_VALUE));
    }

    private void pass(Portion portion) {
        if (!flight.isTransactionOpen()) { // I2: frames behind an open target transaction are not passed before it ends
            checkpoints.passed(portion.upTo(), portion.position());
            progress.applied(portion.upTo());
        }
    }

    private void write(Sink open, Portion portion) throws SinkException {
        Batch batch = portion.written();
        Failpoints.hit("pipeline.before-write");
        Instant begun = parts.clock().instant();
        WriteResult result = open.write(batch);
        if (open instanceof HoldingSink holding) {
            showHeld(holding); // I4: the journal keeps held frames before the checkpoint that passes them is known
        }
        if (result == WriteResult.PENDING) {
            if (batch.endsTransaction()) {
                throw new IllegalStateException("the sink left a complete transaction pending");
            }
            flight.pending(portion);
            return;
        }
        Failpoints.hit("pipeline.after-write");
        flight.took(
                portion, Duration.between(begun, parts.clock().instant())); // a clock that jumps makes batches small
        durable(portion);
        running();
    }

    /** The portion, and the parts before it that were pending, survive a power loss at the target. */
    private void durable(Portion portion) {
        Map<TableId, Portion.Share> done = new HashMap<>(flight.settle(portion));
        long now = Micros.of(parts.clock().instant());
        progress.held().forEach(held -> done.remove(held.table()));
        done.forEach((table, share) ->
                parts.listener().applied(table, share.events(), Math.max(0, now - share.oldestCommitMicros())));
        progress.applied(portion.upTo());
        redrive.taken(now);
        checkpoints.written(portion.upTo(), portion.position()); // I2: behind the write, never before
    }

    private Sink open() throws SinkException, JournalException {
        SinkContext context = parts.contextNow();
        Sink opened = parts.definition().create();
        sink = opened; // from here on it is closed whatever happens
        try {
            progress.deadLetters(parts.parking().counts());
            opened.open(context);
            if (opened instanceof HoldingSink holding) {
                showHeld(holding);
            } else {
                progress.held(List.of());
            }
            redrive.recover(opened);
            Optional<Portion> lost = placement.find(opened);
            lost.ifPresent(this::durable);
        } catch (SinkException | JournalException | RuntimeException | Error e) {
            closeSink();
            throw e;
        }
        if (progress.state() == PipelineState.STARTING) {
            become(PipelineState.RUNNING);
        }
        return opened;
    }

    /** RETRY waits and tries again for ever (I4), REJECT asks the policy, HALT waits for an operator. */
    private void failed(SinkException e) throws InterruptedException {
        switch (e.disposition()) {
            case RETRY -> {
                if (isSuspect(e)) {
                    reject(e);
                } else {
                    retry(e);
                }
            }
            case REJECT -> reject(e);
            case UNKNOWN -> {
                if (episode.failures() < Parking.TRIES) {
                    retry(e);
                } else {
                    haltFor(e);
                }
            }
            case HALT -> haltFor(e);
        }
    }

    private void retry(SinkException e) throws InterruptedException {
        closeSink();
        flight.lookAhead(checkpoints);
        Duration wait = episode.failed(e);
        progress.error(episode.describe(e.code(), e.getMessage(), e.remedy()));
        become(PipelineState.RETRYING);
        parts.listener().retried();
        parts.pacer().pause(wait);
    }

    /**
     * What is left of a batch, at which the target failed again and again: it may be to blame. Set aside it does not stop the
     * others, and when the target is to blame it comes with the others: an attempt that fails together with all others does
     * not count.
     *
     * <p>It need not be alone in the batch. Where the others were taken long ago, and what was refused could not be set
     * aside then (a full disk, a lost connection), nothing would ever move again.
     */
    private boolean isSuspect(SinkException e) {
        Portion frozen = flight.frozen();
        return parts.parking().parks()
                && !e.rejected().isEmpty()
                && episode.failures() >= Parking.TRIES
                && frozen != null
                && frozen.written().events().stream()
                        .filter(event -> e.rejected().contains(event.id()))
                        .noneMatch(DeadLetterLog::isNeverSetAside)
                && !flight.isTransactionOpen();
    }

    private void reject(SinkException e) throws InterruptedException {
        if (!waitsForHeld && progress.held().stream().anyMatch(HeldTable::approved)) {
            parts.log().warn("{}: waits for the tables that catch up: {}", parts.pipeline(), e.getMessage());
            waitsForHeld = true;
            return;
        }
        Portion refused = flight.frozen();
        if (refused == null || refused.batch() == null) {
            haltFor(e);
            return;
        }
        try {
            if (flight.narrow()) {
                return; // what is refused comes again, among fewer others that have to be written once more
            }
            Batch written = parts.parking().withoutParked(refused.batch());
            Optional<SinkException> why =
                    parts.parking().park(written, e, parts.clock().instant());
            if (why.isPresent()) {
                haltFor(why.get());
                return;
            }
            flight.rewindPending(checkpoints.durable());
            progress.deadLetters(parts.parking().counts());
        } catch (SinkException notSetAside) {
            retry(notSetAside);
        } catch (JournalException notRead) {
            readAgain();
            haltFor(ErrorEpisode.halting(notRead));
        }
    }

    private void haltFor(SinkException e) {
        parts.log().error("{}: halted: {}: {}\n  {}", parts.pipeline(), e.code(), e.getMessage(), e.remedy());
        parts.log().debug("{}: halted by", parts.pipeline(), e);
        halt(e.code(), e.getMessage(), e.remedy());
    }

    private void halt(String code, @Nullable String message, String remedy) {
        progress.error(episode.describe(code, message, remedy));
        episode.forget();
        parts.orders().takeResume(); // one that was given before does not count
        closeSink();
        flight.lookAhead(checkpoints);
        become(PipelineState.HALTED);
    }

    private void running() {
        episode.recovered();
        progress.error(null);
        become(PipelineState.RUNNING);
    }

    private boolean waitHalted() throws InterruptedException {
        if (!parts.orders().takeResume()) {
            parts.pacer().pause(UNTIL_WOKEN);
            return true;
        }
        progress.error(null);
        parts.parking().resumed();
        become(PipelineState.RUNNING);
        return true;
    }

    private boolean waitPaused() throws InterruptedException {
        if (progress.state() != PipelineState.PAUSED) {
            storeQuietly();
            closeSink();
            episode.forget();
            progress.error(null);
            become(PipelineState.PAUSED);
        }
        parts.pacer().pause(UNTIL_WOKEN);
        return true;
    }

    private void become(PipelineState next) {
        PipelineState before = progress.state();
        if (before != next) {
            progress.state(next);
            parts.listener().stateChanged(before, next);
        }
    }

    @Override
    public void onClose() {
        boolean interrupted = Thread.interrupted(); // an interrupt would close the checkpoint's file under our hands
        storeQuietly();
        closeSink();
        flight.close();
        parts.parking().close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void storeQuietly() {
        if (!flight.hasBegun()) {
            return;
        }
        try {
            checkpoints.storeNow();
        } catch (SinkException e) {
            parts.log().warn("{}: {}; what it covers will be delivered again", parts.pipeline(), e.getMessage());
        }
    }

    private void closeSink() {
        catchUp.close();
        Sink open = sink;
        sink = null;
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException e) {
                parts.log().warn("{}: the sink did not close cleanly", parts.pipeline(), e);
            }
        }
    }
}
