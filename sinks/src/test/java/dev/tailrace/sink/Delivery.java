package dev.tailrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.EventId;
import dev.tailrace.event.TableId;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.TargetPort.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A small pipeline for tests: hands frames over in batches, keeps the durable checkpoint of a sink that keeps none, and
 * starts again behind it after a failure. Every reopening compares the sink's checkpoint with what was durable.
 */
final class Delivery implements AutoCloseable {
    private final TargetPort target;
    private final Path directory;
    private final boolean keepsLog;
    private final boolean exactlyOnce;

    private Sink sink;
    private long epoch = 1;
    private long durable;
    /** The last frame of a write whose outcome the sink could not learn; 0 when there is none. */
    private long uncertain;

    Delivery(TargetPort target, Path directory, boolean keepsLog, boolean exactlyOnce) {
        this.target = target;
        this.directory = directory;
        this.keepsLog = keepsLog;
        this.exactlyOnce = exactlyOnce;
    }

    /** Tells a sink of one table only: it meets the others with their first change. */
    static SinkContext context(Path directory, long epoch) {
        return new SinkContext(
                "agent",
                "contract",
                ChangeStream.JOURNAL,
                epoch,
                "start-" + epoch,
                directory.resolve("state"),
                List.of(TestSchemas.ORDERS),
                FaultPoint.NONE);
    }

    long durable() {
        return durable;
    }

    void open() throws SinkException {
        sink = target.definition().create();
        sink.open(context(directory, epoch++));
        if (sink instanceof CheckpointingSink checkpointing) {
            Optional<Checkpoint> found = checkpointing.checkpoint();
            long sequence = found.map(Checkpoint::sequence).orElse(0L);
            if (uncertain > 0 && sequence == uncertain) {
                durable = uncertain;
            }
            assertThat(sequence).as("checkpoint found at the target (I2)").isEqualTo(durable);
            found.ifPresent(c -> assertThat(c.journal()).isEqualTo(ChangeStream.JOURNAL));
        }
        uncertain = 0;
    }

    WriteResult write(Batch batch) throws SinkException {
        uncertain = batch.endsTransaction() ? batch.checkpoint().sequence() : 0;
        WriteResult result = sink.write(batch);
        uncertain = 0;
        if (result == WriteResult.DURABLE) {
            durable = batch.checkpoint().sequence();
        } else {
            assertThat(batch.endsTransaction())
                    .as("pending after the end of a transaction")
                    .isFalse();
        }
        return result;
    }

    /** Out of its turn; a target that keeps its checkpoint has this token when it is opened anew. */
    void redrive(String token, Batch batch) throws SinkException {
        if (!(sink instanceof CheckpointingSink keeper)) {
            sink.write(batch);
            return;
        }
        keeper.redrive(token, batch);
        reopen();
        assertThat(((CheckpointingSink) sink).redriven()).isEqualTo(token);
    }

    void closeSink() {
        if (sink != null) {
            sink.close();
            sink = null;
        }
    }

    void reopen() throws SinkException {
        closeSink();
        open();
    }

    @Override
    public void close() {
        closeSink();
    }

    /** Everything behind the checkpoint, in batches of random size. */
    void deliver(List<Frame> frames, long seed) throws Exception {
        deliver(frames, new Random(seed), false);
    }

    /** The same, with restarts, rewinds and every fault that the target knows in between. */
    void deliverWithTrouble(List<Frame> frames, long seed) throws Exception {
        deliver(frames, new Random(seed), true);
    }

    private void deliver(List<Frame> frames, Random random, boolean trouble) throws Exception {
        if (sink == null) {
            open();
        }
        int next = (int) durable;
        while (next < frames.size()) {
            List<Frame> chosen = choose(frames, next, random);
            if (trouble && random.nextInt(4) == 0 && !meetTrouble(chosen, random)) {
                next = (int) durable;
                continue;
            }
            write(ChangeStream.batch(chosen));
            next += chosen.size();
        }
    }

    private static List<Frame> choose(List<Frame> frames, int from, Random random) {
        List<Frame> chosen = new ArrayList<>(List.of(frames.get(from)));
        int most = 1 + random.nextInt(8);
        for (int i = from + 1; i < frames.size() && chosen.size() < most; i++) {
            if (!frames.get(i).transaction().isWhole()
                    || !chosen.get(0).transaction().isWhole()) {
                break;
            }
            chosen.add(frames.get(i));
        }
        return chosen;
    }

    /** Returns whether the delivery goes on where it was. */
    private boolean meetTrouble(List<Frame> chosen, Random random) throws Exception {
        List<Fault> faults = target.faults().stream()
                .filter(f -> f == Fault.DOWN || f == Fault.LOST_ANSWER || f == Fault.PARTIAL)
                .sorted()
                .toList();
        int kind = random.nextInt(faults.size() + 1);
        if (kind == faults.size()) {
            reopen();
            return false;
        }
        target.script(faults.get(kind));
        try {
            write(ChangeStream.batch(chosen));
            // A part may wait in the sink's memory: the fault then meets nothing.
            target.heal();
            reopen();
            return false;
        } catch (SinkException e) {
            assertThat(e.disposition()).as(e.getMessage()).isEqualTo(Disposition.RETRY);
        }
        closeSink();
        target.heal();
        open();
        return false;
    }

    /** Compares everything that the target holds with what it was given. */
    void assertHolds(List<Frame> frames, String when) throws Exception {
        List<ChangeEvent> events = ChangeStream.eventsOf(frames);
        Contents expected = Contents.of(events);
        Contents actual = target.contents();
        assertThat(actual.rows()).as(when).isEqualTo(expected.rows());
        if (!keepsLog) {
            return;
        }
        if (exactlyOnce) {
            assertThat(actual.ids())
                    .as(when)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(expected.ids());
        } else {
            assertThat(actual.ids()).as(when).containsAll(expected.ids());
            assertThat(expected.ids()).as(when).containsAll(actual.ids());
        }
        assertOrderPerKey(events, actual.ids(), when);
    }

    /** The changes of one key come one after the other, or start again at an earlier one; none is skipped (I3). */
    private void assertOrderPerKey(List<ChangeEvent> events, List<EventId> ids, String when) {
        Map<Object, Map<EventId, Integer>> chains = new LinkedHashMap<>();
        for (ChangeEvent event : events) {
            for (Object key : keysOf(event, chains)) {
                Map<EventId, Integer> chain = chains.computeIfAbsent(key, k -> new HashMap<>());
                chain.put(event.id(), chain.size());
            }
        }
        chains.forEach((key, chain) -> {
            int before = -1;
            for (EventId id : ids) {
                Integer at = chain.get(id);
                if (at != null) {
                    assertThat(at)
                            .as("%s: order of key %s at %s", when, key, id)
                            .isLessThanOrEqualTo(before + 1);
                    before = at;
                }
            }
        });
    }

    private record KeyOf(TableId table, List<String> key) {}

    private static List<Object> keysOf(ChangeEvent event, Map<Object, ?> known) {
        List<Object> keys = new ArrayList<>();
        switch (event.operation()) {
            case TRUNCATE ->
                known.keySet().stream()
                        .filter(k -> ((KeyOf) k).table().equals(event.table()))
                        .forEach(keys::add);
            default -> {
                keys.add(keyOf(event, event.image()));
                if (event.changesKey()) {
                    keys.add(keyOf(event, event.before()));
                }
            }
        }
        return keys;
    }

    private static KeyOf keyOf(ChangeEvent event, dev.tailrace.event.Row row) {
        return new KeyOf(event.table(), event.schema().hasKey() ? Contents.key(row) : List.of());
    }
}
