package dev.tailrace.pipeline;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.EventId;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.WriteResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A target in memory and the sink in front of it. Faults are scripted one a call; without one a call works. Keeps its own
 * checkpoint, or not, as the test says.
 */
final class ScriptedTarget implements SinkFactory.Definition {

    /** Happens instead of, or after, one call. */
    interface Fault {
        void run() throws SinkException, InterruptedException;
    }

    private final boolean keepsCheckpoint;
    private final Deque<Fault> beforeOpen = new ArrayDeque<>();
    private final Deque<Fault> beforeWrite = new ArrayDeque<>();
    private final Deque<Fault> afterWrite = new ArrayDeque<>();
    private final Deque<Fault> beforeRedrive = new ArrayDeque<>();
    private final Deque<Fault> afterRedrive = new ArrayDeque<>();

    /** Changes that are refused, by name, one at a time. */
    Predicate<ChangeEvent> refuses = event -> false;

    /** Changes at which it fails; whether they or the target are to blame is told by the others of the batch. */
    Predicate<ChangeEvent> fails = event -> false;
    /** Of the batch of which the others were taken. */
    private @Nullable Checkpoint begunAt;

    private String lastToken = "";

    /** Changes that are durable, in the order in which they became so. */
    final List<ChangeEvent> durable = new CopyOnWriteArrayList<>();
    /** All batches handed over, failed ones included. */
    final List<Batch> handed = new CopyOnWriteArrayList<>();
    /** All batches handed over out of their turn, failed ones included. */
    final List<Batch> redriven = new CopyOnWriteArrayList<>();

    Optional<Checkpoint> checkpoint = Optional.empty();
    int opened;
    int closed;

    ScriptedTarget(boolean keepsCheckpoint) {
        this.keepsCheckpoint = keepsCheckpoint;
    }

    static final Fault NONE = () -> {};

    static Fault down() {
        return () -> {
            throw SinkException.retry("T-DOWN", "target down", null);
        };
    }

    static Fault busy(Duration retryAfter) {
        return () -> {
            throw SinkException.retryAfter("T-BUSY", "target busy", retryAfter, null);
        };
    }

    static Fault rejected() {
        return () -> {
            throw SinkException.reject("T-REJECT", "value refused", "mend it", List.of(), null);
        };
    }

    static Fault unknown() {
        return () -> {
            throw new SinkException(
                    SinkException.Disposition.UNKNOWN, "T-ODD", "an odd error", "look", List.of(), null);
        };
    }

    static Fault halted() {
        return () -> {
            throw SinkException.halt("T-RIGHTS", "no rights", "GRANT", null);
        };
    }

    void beforeRedrive(Fault... faults) {
        beforeRedrive.addAll(List.of(faults));
    }

    void afterRedrive(Fault... faults) {
        afterRedrive.addAll(List.of(faults));
    }

    void onOpen(Fault... faults) {
        beforeOpen.addAll(List.of(faults));
    }

    void beforeWrite(Fault... faults) {
        beforeWrite.addAll(List.of(faults));
    }

    /** After the batch is durable: the response is lost. */
    void afterWrite(Fault... faults) {
        afterWrite.addAll(List.of(faults));
    }

    List<String> ids() {
        return durable.stream().map(e -> e.id().text()).toList();
    }

    @Override
    public boolean transactional() {
        return keepsCheckpoint;
    }

    @Override
    public List<dev.tailrace.config.Finding> preflight(SinkContext context) {
        return List.of();
    }

    @Override
    public Sink create() {
        return keepsCheckpoint ? new Keeping() : new Plain();
    }

    private void judge(Batch batch) throws SinkException {
        List<EventId> failed =
                batch.events().stream().filter(fails).map(ChangeEvent::id).toList();
        boolean begun = batch.checkpoint().equals(begunAt);
        if (!failed.isEmpty() && (begun || failed.size() == batch.eventCount())) {
            SinkException failure = SinkException.retry("T-FAILS", "the target fails", null);
            throw begun || batch.eventCount() == 1 ? failure.suspecting(failed) : failure;
        }
        if (!failed.isEmpty()) {
            begunAt = batch.checkpoint();
            throw SinkException.reject("T-FAILS", "the target fails at this alone", "mend it", failed, null);
        }
        for (ChangeEvent event : batch.events()) {
            if (refuses.test(event)) {
                throw SinkException.reject("T-REJECT", "value refused", "mend it", List.of(event.id()), null);
            }
        }
    }

    private void play(Deque<Fault> script) throws SinkException {
        Fault fault = script.poll();
        if (fault != null) {
            try {
                fault.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw SinkException.retry("T-INTERRUPTED", "interrupted", e);
            }
        }
    }

    private class Plain implements Sink {
        final List<ChangeEvent> open = new ArrayList<>();
        private boolean inTransaction;
        private boolean isClosed;

        @Override
        public void open(SinkContext context) throws SinkException {
            opened++;
            play(beforeOpen);
        }

        @Override
        public WriteResult write(Batch batch) throws SinkException {
            handed.add(batch);
            play(beforeWrite);
            try {
                judge(batch);
            } catch (SinkException e) {
                open.clear();
                inTransaction = false;
                throw e;
            }
            if (keepsCheckpoint && batch.startsTransaction() == inTransaction) {
                throw new AssertionError("a transaction starts inside another, or never: " + batch);
            }
            open.addAll(batch.events());
            inTransaction = keepsCheckpoint && !batch.endsTransaction();
            if (keepsCheckpoint && !batch.endsTransaction()) {
                return WriteResult.pending();
            }
            durable.addAll(open);
            open.clear();
            checkpoint = Optional.of(batch.checkpoint());
            play(afterWrite);
            return WriteResult.durable();
        }

        @Override
        public void close() {
            closed += isClosed ? 0 : 1;
            isClosed = true;
            open.clear();
        }
    }

    private final class Keeping extends Plain implements CheckpointingSink {
        @Override
        public Optional<Checkpoint> checkpoint() {
            return checkpoint;
        }

        @Override
        public void redrive(String token, Batch batch) throws SinkException {
            redriven.add(batch);
            play(beforeRedrive);
            judge(batch);
            durable.addAll(batch.events());
            lastToken = token;
            play(afterRedrive);
        }

        @Override
        public String redriven() {
            return lastToken;
        }
    }
}
