package dev.tailrace.pipeline;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frames taken from the journal in one step. Frozen: a retry hands over the same batch.
 *
 * @param batch what the sink wants of them; null when that is nothing
 * @param upTo last frame taken that a restart may begin behind
 * @param position of the last frame in the source's own words
 * @param reach by how much it might hold more than the least, see {@link BatchReach}
 * @param full whether more was readable, for which there was no room
 */
record Portion(@Nullable Batch batch, long upTo, String position, int reach, boolean full) {

    /** The same frames with another batch of what is to be written of them. */
    Portion with(Batch rest) {
        return rest == batch ? this : new Portion(rest, upTo, position, reach, full);
    }

    /** The batch of a portion that has one. */
    Batch written() {
        return Objects.requireNonNull(batch, "a portion without wanted changes");
    }

    int events() {
        return batch == null ? 0 : batch.eventCount();
    }

    /** Whether it is mostly of rows that were not there before: their keys mostly rise, so they lie beside each other anyway. */
    boolean isMostlyNew() {
        if (batch == null) {
            return false;
        }
        long fresh = batch.transactions().stream()
                .flatMap(transaction -> transaction.events().stream())
                .filter(event -> event.operation() == Operation.INSERT || event.operation() == Operation.READ)
                .count();
        return fresh > events() / 2;
    }

    /** Commit time of the oldest transaction, microseconds; 0 when there is none. */
    long oldestCommitMicros() {
        return batch == null ? 0 : batch.transactions().get(0).commitMicros();
    }

    /** Number of changes and oldest commit time of one table. */
    record Share(int events, long oldestCommitMicros) {
        Share plus(Share other) {
            return new Share(events + other.events, Math.min(oldestCommitMicros, other.oldestCommitMicros));
        }
    }

    Map<TableId, Share> shares() {
        Map<TableId, Share> shares = new LinkedHashMap<>();
        if (batch != null) {
            for (Transaction transaction : batch.transactions()) {
                add(shares, transaction.events(), transaction.commitMicros());
            }
        }
        return shares;
    }

    /** Changes of one table mostly stand beside each other, and are counted before they are looked up. */
    private static void add(Map<TableId, Share> shares, List<ChangeEvent> events, long commitMicros) {
        int from = 0;
        for (int i = 1; i <= events.size(); i++) {
            if (i == events.size() || events.get(i).schema() != events.get(from).schema()) {
                shares.merge(events.get(from).table(), new Share(i - from, commitMicros), Share::plus);
                from = i;
            }
        }
    }
}
