package dev.tailrace.sink.http;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.EventId;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which lane sends which changes of a batch, and in which phases. The same batch gives the same plan.
 *
 * <p>A key's changes share a lane. A change that touches rows of several lanes (a truncation, a move to another lane's
 * key) is sent alone, between two phases: everything before it was answered when it starts, nothing behind it has
 * started when it is answered (I3).
 */
final class Plan {
    /** A change with the transaction it belongs to. */
    record Change(ChangeEvent event, Transaction transaction) {}

    /** The changes of each lane that are sent side by side. */
    record Phase(List<Deque<Change>> lanes) {}

    private final int laneCount;
    private final List<Phase> phases = new ArrayList<>();
    private boolean barrier;

    private Plan(int laneCount) {
        this.laneCount = laneCount;
    }

    /** @param delivered ids of changes to leave out */
    static List<Phase> of(Batch batch, int laneCount, Set<EventId> delivered) {
        Plan plan = new Plan(laneCount);
        for (Transaction transaction : batch.transactions()) {
            for (ChangeEvent event : transaction.events()) {
                if (delivered.isEmpty() || !delivered.contains(event.id())) {
                    plan.add(new Change(event, transaction));
                }
            }
        }
        return plan.phases;
    }

    private void add(Change change) {
        boolean alone = touchesSeveralLanes(change.event());
        // Barriers that follow each other share a phase: one lane keeps their order.
        if (phases.isEmpty() || alone != barrier) {
            phases.add(new Phase(emptyLanes()));
            barrier = alone;
        }
        int lane = alone || laneCount == 1
                ? 0
                : lane(change.event(), change.event().image());
        phases.get(phases.size() - 1).lanes().get(lane).add(change);
    }

    private List<Deque<Change>> emptyLanes() {
        List<Deque<Change>> lanes = new ArrayList<>(laneCount);
        for (int i = 0; i < laneCount; i++) {
            lanes.add(new ArrayDeque<>());
        }
        return lanes;
    }

    private boolean touchesSeveralLanes(ChangeEvent event) {
        if (laneCount == 1) {
            return false;
        }
        Row before = event.before();
        return event.operation() == Operation.TRUNCATE
                || (event.changesKey() && before != null && lane(event, before) != lane(event, event.image()));
    }

    /** By table and key; all changes of a table without a key share a lane. */
    private int lane(ChangeEvent event, Row row) {
        int hash = event.table().hashCode();
        if (row.schema().hasKey()) {
            for (Object value : row.keyValues()) {
                hash = 31 * hash + hash(value);
            }
        }
        // Spreads the low bits, which are alike for consecutive numbers of the same parity.
        hash *= 0x9E3779B9;
        return Math.floorMod(hash ^ (hash >>> 16), laneCount);
    }

    /** Values that the source's key takes for equal have the same hash. */
    private static int hash(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.stripTrailingZeros().hashCode();
        }
        return value instanceof Double || value instanceof Float
                ? Double.hashCode(((Number) value).doubleValue() + 0.0)
                : Objects.hashCode(value);
    }
}
