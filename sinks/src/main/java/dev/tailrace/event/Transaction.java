package dev.tailrace.event;

import java.util.List;
import java.util.Objects;

/**
 * A source transaction, or one consecutive part of a big one, or a chunk of a snapshot (of which every chunk is whole
 * in itself: snapshots are not transactional at the target).
 *
 * @param id the source's transaction id (PostgreSQL: xid; snapshots: {@code snapshot-<epoch>})
 * @param position of the commit; for a part before the last one, of its last change
 * @param commitMicros commit time at the source, microseconds since 1970-01-01T00:00:00Z; for snapshot rows the time the
 *     snapshot read them
 * @param events in the source's order; may be empty only for the last part
 * @param last whether the transaction is complete with this part
 * @param first whether the transaction starts with this part; a whole transaction is first and last
 */
public record Transaction(
        String id, SourcePosition position, long commitMicros, List<ChangeEvent> events, boolean first, boolean last) {
    public Transaction {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(position, "position");
        events = List.copyOf(events);
    }

    /** A transaction in one piece. */
    public static Transaction whole(String id, SourcePosition position, long commitMicros, List<ChangeEvent> events) {
        return new Transaction(id, position, commitMicros, events, true, true);
    }

    /** What remains of it when it has only those changes. */
    public Transaction with(List<ChangeEvent> others) {
        return new Transaction(id, position, commitMicros, others, first, last);
    }

    public boolean isWhole() {
        return first && last;
    }
}
