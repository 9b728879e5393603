package dev.tailrace.pipeline;

import dev.tailrace.config.Finding;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableId;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.HoldingSink;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.WriteResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A target in memory that holds one table back from a frame on that the test sets. One call can fail, before or after. */
final class HoldingTarget implements SinkFactory.Definition {
    /** Changes that are durable, in the order in which they became so. */
    final List<ChangeEvent> durable = new ArrayList<>();

    /** Each taken by one call: true fails it before anything is done, false after it is durable. */
    final Deque<Boolean> faults = new ArrayDeque<>();

    final Deque<Boolean> openFaults = new ArrayDeque<>();
    private final TableId table;
    private boolean refuses;
    private long holdFrom = Long.MAX_VALUE;
    private Optional<Checkpoint> checkpoint = Optional.empty();
    private Optional<HeldTable> held = Optional.empty();

    HoldingTarget(TableId table) {
        this.table = table;
    }

    void holdFrom(long sequence) {
        holdFrom = sequence;
    }

    /** From now on a change of another table is refused as long as the table is held. */
    void refusesWhileHeld() {
        refuses = true;
    }

    Optional<HeldTable> held() {
        return held;
    }

    List<String> ids(TableId of) {
        return durable.stream()
                .filter(e -> e.table().equals(of))
                .map(e -> e.id().text())
                .toList();
    }

    @Override
    public Sink create() {
        return new Held();
    }

    @Override
    public List<Finding> preflight(SinkContext context) {
        return List.of();
    }

    private HeldTable hold(long after, boolean approved) {
        return new HeldTable(table, after, approved, "T-HELD", "because", List.of(), 0);
    }

    private final class Held implements HoldingSink {
        private final List<ChangeEvent> open = new ArrayList<>();

        @Override
        public void open(SinkContext context) throws SinkException {
            if (openFaults.poll() != null) {
                throw down();
            }
        }

        @Override
        public Optional<Checkpoint> checkpoint() {
            return checkpoint;
        }

        private SinkException down() {
            open.clear();
            return SinkException.retry("T-DOWN", "down", null);
        }

        private boolean failsBefore() throws SinkException {
            Boolean fault = faults.poll();
            if (Boolean.TRUE.equals(fault)) {
                throw down();
            }
            return fault != null;
        }

        @Override
        public WriteResult write(Batch batch) throws SinkException {
            boolean lost = failsBefore();
            if (refuses
                    && held.isPresent()
                    && batch.events().stream().anyMatch(e -> !e.table().equals(table))) {
                throw SinkException.reject("T-REFERS", "no such row", "", List.of(), null);
            }
            if (batch.startsTransaction()) {
                open.clear();
            }
            if (held.isEmpty()
                    && batch.startsTransaction()
                    && batch.checkpoint().sequence() >= holdFrom) {
                holdFrom = Long.MAX_VALUE;
                held = Optional.of(hold(batch.after(), false));
            }
            batch.events().stream()
                    .filter(e -> held.isEmpty() || !e.table().equals(table))
                    .forEach(open::add);
            if (!batch.endsTransaction()) {
                return WriteResult.PENDING;
            }
            durable.addAll(open);
            open.clear();
            checkpoint = Optional.of(batch.checkpoint());
            if (lost) {
                throw down();
            }
            return WriteResult.DURABLE;
        }

        @Override
        public void redrive(String token, Batch batch) {
            durable.addAll(batch.events());
        }

        @Override
        public String redriven() {
            return "";
        }

        @Override
        public List<HeldTable> held() {
            return held.stream().toList();
        }

        @Override
        public void approve(TableId approved) {
            held = held.map(h -> hold(h.after(), true));
        }

        @Override
        public Optional<WriteResult> catchUp(TableId of, Batch batch) throws SinkException {
            boolean lost = failsBefore();
            if (!batch.events().stream().allMatch(e -> e.table().equals(table))) {
                throw new AssertionError("changes of another table: " + batch);
            }
            open.addAll(batch.events());
            if (!batch.endsTransaction()) {
                return Optional.of(WriteResult.PENDING);
            }
            durable.addAll(open);
            open.clear();
            held = Optional.of(hold(batch.checkpoint().sequence(), true));
            if (lost) {
                throw down();
            }
            return Optional.of(WriteResult.DURABLE);
        }

        @Override
        public void join(TableId of, long upTo) throws SinkException {
            boolean lost = failsBefore();
            if (!open.isEmpty()) {
                throw new AssertionError("joined in the middle of a transaction");
            }
            held = Optional.empty();
            if (lost) {
                throw down();
            }
        }

        @Override
        public void close() {
            open.clear();
        }
    }
}
