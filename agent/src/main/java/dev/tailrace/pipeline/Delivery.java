package dev.tailrace.pipeline;

import dev.tailrace.journal.JournalException;
import dev.tailrace.lifecycle.Failpoints;
import dev.tailrace.lifecycle.Worker;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The duty cycle of a pipeline: open the sink and find the place, then take frames, write, move the checkpoint. Every
 * mutable state here belongs to the pipeline's thread.
 *
 * <p>A batch that failed stays {@linkplain #frozen} and is handed over again as it was, unless the target turns out to
 * hold it already, or parts of a big transaction were rolled back with it: then the reader goes back to the last durable
 * frame (I3).
 */
final class Delivery implements Worker {
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final DeliveryParts parts;
    private final Checkpoints checkpoints;
    private final PipelineProgress progress;
    private final ErrorEpisode episode;
    private @Nullable Sink sink;
    private @Nullable PortionReader reader;
    private @Nullable Portion frozen;
    private final List<Portion> pending = new ArrayList<>();

    Delivery(DeliveryParts parts) {
        this.parts = parts;
        this.checkpoints = parts.checkpoints();
        this.progress = parts.progress();
        this.episode = parts.episode();
    }

    @Override
    public String roleName() {
        return "sink-" + parts.settings().name();
    }

    @Override
    public boolean doWork() throws Exception {
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
            storeQuietly();
            closeReader(); // what it had read ahead is read again after a resume
            haltFor(SinkException.halt(e.code(), String.valueOf(e.getMessage()), e.remedy(), e));
        } catch (InterruptedException | OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (parts.stop().isRaised() && Thread.currentThread().isInterrupted()) {
                return true; // what the interrupt of a bounded close broke off is no defect
            }
            parts.log().error("{}: a defect stopped this sink", pipeline(), e);
            halt(
                    "PIPELINE-BUG",
                    "A defect in the agent or its sink: " + e,
                    "Report it with the stack trace in the log.");
        }
        return true;
    }

    private boolean deliver() throws SinkException, JournalException, InterruptedException {
        Sink open = sink != null ? sink : open();
        PortionReader frames = Objects.requireNonNull(reader);
        Portion portion = frozen != null ? frozen : take(frames);
        if (portion == null) {
            checkpoints.storeWhenDue();
            running();
            return parts.journal().awaitReadable(frames.readSequence(), IDLE);
        }
        if (portion.batch() == null) {
            pass(portion);
            running();
        } else {
            write(open, portion, portion.batch());
        }
        return true;
    }

    private @Nullable Portion take(PortionReader frames) throws JournalException {
        Portion portion = frames.next();
        progress.read(frames.readSequence(), frames.eventsPerFrame());
        if (portion != null && portion.batch() != null) {
            frozen = portion;
        }
        showInFlight();
        return portion;
    }

    private void pass(Portion portion) throws SinkException {
        if (pending.isEmpty()) { // I2: frames behind an open target transaction are not passed before it is durable
            checkpoints.passed(portion.upTo(), portion.position());
            progress.applied(portion.upTo());
        }
    }

    private void write(Sink open, Portion portion, Batch batch) throws SinkException {
        Failpoints.hit("pipeline.before-write");
        WriteResult result = open.write(batch);
        if (result == WriteResult.PENDING) {
            if (batch.endsTransaction()) {
                throw new IllegalStateException("the sink left a complete transaction pending");
            }
            pending.add(portion);
            frozen = null;
            showInFlight();
            return;
        }
        Failpoints.hit("pipeline.after-write");
        durable(portion);
        running();
    }

    /** The portion, and the parts before it that were pending, survive a power loss at the target. */
    private void durable(Portion portion) throws SinkException {
        pending.add(portion);
        List<Portion> done = List.copyOf(pending);
        pending.clear();
        frozen = null;
        long now = Micros.of(parts.clock().instant());
        for (Portion each : done) {
            each.shares()
                    .forEach((table, share) -> parts.listener()
                            .applied(table, share.events(), Math.max(0, now - share.oldestCommitMicros())));
        }
        progress.applied(portion.upTo());
        showInFlight();
        checkpoints.written(portion.upTo(), portion.position()); // I2: behind the write, never before
    }

    private Sink open() throws SinkException, JournalException {
        SinkContext context = contextNow();
        Sink opened = parts.definition().create();
        sink = opened; // from here on it is closed whatever happens
        try {
            opened.open(context);
            place(opened);
        } catch (SinkException | JournalException | RuntimeException | Error e) {
            closeSink();
            throw e;
        }
        return opened;
    }

    private SinkContext contextNow() {
        SinkContext c = parts.context();
        return new SinkContext(
                c.agent(),
                c.sink(),
                c.journal(),
                c.epoch(),
                c.dataDirectory(),
                parts.journal().schemas().stream()
                        .filter(schema -> parts.tables().test(schema.table()))
                        .toList(),
                c.faults());
    }

    /** Finds the frame to go on behind: at the first opening, and after each new one. */
    private void place(Sink opened) throws SinkException, JournalException {
        StartPosition start = new StartPosition(pipeline(), parts.settings().type(), parts.journal());
        if (opened instanceof CheckpointingSink keeper) {
            Optional<Checkpoint> found = keeper.checkpoint();
            long target = found.map(Checkpoint::sequence).orElse(0L);
            boolean journalAgrees = found.isEmpty()
                    || found.get().journal().equals(parts.journal().id());
            if (reader != null && journalAgrees && target == checkpoints.target()) {
                rewindPending();
            } else if (reader != null && journalAgrees && frozen != null && target == frozen.upTo()) {
                // The response was lost, not the commit. With parts pending before it, they were committed too.
                durable(frozen);
            } else {
                startBehind(start.ofTarget(found, checkpoints.load()), true, target);
            }
        } else if (reader != null) {
            rewindPending();
        } else {
            long sequence = start.ofAgent(checkpoints.load(), checkpoints.file());
            startBehind(sequence, false, sequence);
        }
    }

    private void rewindPending() throws JournalException {
        if (!pending.isEmpty()) {
            pending.clear();
            frozen = null;
            Objects.requireNonNull(reader).rewind(checkpoints.durable());
        }
        showInFlight();
    }

    private void startBehind(long sequence, boolean targetKeepsOwn, long target) throws JournalException {
        pending.clear();
        frozen = null;
        closeReader();
        reader = newReader(sequence);
        checkpoints.begin(targetKeepsOwn, target, sequence);
        progress.applied(sequence);
        progress.read(sequence, 1.0);
        showInFlight();
        parts.log().info("{}: goes on behind frame {}", pipeline(), sequence);
    }

    private PortionReader newReader(long sequence) throws JournalException {
        return new PortionReader(
                parts.journal().reader(sequence, parts.tables()),
                sequence,
                parts.journal().id(),
                parts.settings());
    }

    /** RETRY waits and tries again for ever (I4), REJECT asks the policy, HALT waits for an operator. */
    private void failed(SinkException e) throws InterruptedException {
        switch (e.disposition()) {
            case RETRY -> retry(e);
            case REJECT -> reject(e);
            case HALT -> haltFor(e);
        }
    }

    private void retry(SinkException e) throws InterruptedException {
        closeSink();
        lookAhead();
        Duration wait = episode.failed(e.code(), e.getMessage());
        progress.error(episode.describe(e.code(), e.getMessage(), e.remedy()));
        become(PipelineState.RETRYING);
        parts.listener().retried();
        parts.pacer().pause(wait);
    }

    private void reject(SinkException e) throws InterruptedException {
        Portion refused = frozen;
        if (refused == null || refused.batch() == null) {
            haltFor(e);
            return;
        }
        try {
            Optional<Batch> rest = parts.rejects().withoutRejected(refused.batch(), e);
            if (rest.isEmpty()) {
                haltFor(e);
            } else {
                frozen = new Portion(rest.get(), refused.upTo(), refused.position());
            }
        } catch (SinkException notSetAside) {
            retry(notSetAside);
        }
    }

    private void haltFor(SinkException e) {
        parts.log().error("{}: halted: {} {} {}", pipeline(), e.code(), e.getMessage(), e.remedy(), e.getCause());
        halt(e.code(), e.getMessage(), e.remedy());
    }

    private void halt(String code, @Nullable String message, String remedy) {
        progress.error(episode.describe(code, message, remedy));
        episode.forget();
        parts.orders().takeResume(); // one that was given before does not count
        closeSink();
        lookAhead();
        become(PipelineState.HALTED);
    }

    /** While the sink is away, what waits for it is still known: its lag and its number. */
    private void lookAhead() {
        try {
            if (frozen != null || !pending.isEmpty()) {
                return;
            }
            if (reader != null) {
                take(reader);
            } else {
                long from = checkpoints.load().map(StoredCheckpoint::passed).orElse(0L);
                try (PortionReader peek = newReader(from)) {
                    Portion first = peek.next();
                    progress.read(from, peek.eventsPerFrame());
                    progress.inFlight(0, first == null ? 0 : first.oldestCommitMicros());
                }
            }
        } catch (JournalException | SinkException | RuntimeException e) {
            parts.log().debug("{}: the waiting changes cannot be counted", pipeline(), e);
        }
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

    private void showInFlight() {
        long events = frozen == null ? 0 : frozen.events();
        long oldest = frozen == null ? 0 : frozen.oldestCommitMicros();
        for (Portion part : pending) {
            events += part.events();
            oldest = oldest == 0 ? part.oldestCommitMicros() : Math.min(oldest, part.oldestCommitMicros());
        }
        progress.inFlight(events, oldest);
    }

    @Override
    public void onClose() {
        boolean interrupted = Thread.interrupted(); // an interrupt would close the checkpoint's file under our hands
        storeQuietly();
        closeSink();
        closeReader();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void storeQuietly() {
        if (reader == null) {
            return;
        }
        try {
            checkpoints.storeNow();
        } catch (SinkException e) {
            parts.log().warn("{}: {}; what it covers will be delivered again", pipeline(), e.getMessage());
        }
    }

    private void closeSink() {
        Sink open = sink;
        sink = null;
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException e) {
                parts.log().warn("{}: the sink did not close cleanly", pipeline(), e);
            }
        }
    }

    private void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private String pipeline() {
        return parts.context().pipeline();
    }
}
