package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.HeldTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables that are held back, as they are at the target. Owned by the sink's thread. */
final class Holds {
    private final Map<TableId, Hold> holds = new TreeMap<>(Comparator.comparing(TableId::toString));
    private List<HeldTable> told = List.of();

    boolean isHeld(TableId table) {
        return holds.containsKey(table);
    }

    Optional<Hold> of(TableId table) {
        return Optional.ofNullable(holds.get(table));
    }

    void put(Hold hold) {
        holds.put(hold.table(), hold);
        tell();
    }

    void remove(TableId table) {
        holds.remove(table);
        tell();
    }

    private void tell() {
        told = holds.values().stream().map(Hold::told).toList();
    }

    List<Hold> all() {
        return List.copyOf(holds.values());
    }

    List<HeldTable> told() {
        return told;
    }

    /** The batch's transactions without the changes of held tables. */
    List<Transaction> without(Batch batch) {
        if (holds.isEmpty()) {
            return batch.transactions();
        }
        List<Transaction> rest = new ArrayList<>();
        for (Transaction transaction : batch.transactions()) {
            List<ChangeEvent> events = transaction.events().stream()
                    .filter(event -> !isHeld(event.table()))
                    .toList();
            if (!events.isEmpty()) {
                rest.add(part(transaction, events));
            }
        }
        return rest;
    }

    static Transaction part(Transaction of, List<ChangeEvent> events) {
        return new Transaction(of.id(), of.position(), of.commitMicros(), events, of.first(), of.last());
    }
}
