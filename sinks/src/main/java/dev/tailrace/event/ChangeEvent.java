package dev.tailrace.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One committed change of one row, or the truncation of one table.
 *
 * <p>What the images hold: READ and INSERT have {@code after} alone. UPDATE has {@code after} (unchanged TOAST values
 * absent) and {@code before} when the source sent it: with the key alone (replica identity default, key changed) or
 * the full old row (replica identity full). DELETE has {@code before} with at least the key. TRUNCATE has neither. A
 * change of the key is one UPDATE whose {@code before} holds the old key, never a delete and an insert.
 */
public final class ChangeEvent {
    private final Operation operation;
    private final TableSchema schema;
    private final SourcePosition position;
    private final long ordinal;
    private final long snapshotEpoch;
    private final @Nullable Row before;
    private final @Nullable Row after;

    private ChangeEvent(
            Operation operation,
            TableSchema schema,
            SourcePosition position,
            long ordinal,
            long snapshotEpoch,
            @Nullable Row before,
            @Nullable Row after) {
        this.operation = Objects.requireNonNull(operation, "operation");
        this.schema = Objects.requireNonNull(schema, "schema");
        this.position = Objects.requireNonNull(position, "position");
        this.ordinal = ordinal;
        this.snapshotEpoch = snapshotEpoch;
        this.before = before;
        this.after = after;
        boolean shapeHolds = switch (operation) {
            case READ, INSERT -> before == null && after != null;
            case UPDATE -> after != null;
            case DELETE -> before != null && after == null;
            case TRUNCATE -> before == null && after == null;
        };
        if (!shapeHolds) {
            throw new IllegalArgumentException(operation + " of " + schema.table() + " at " + position
                    + " does not have the row images its operation needs");
        }
    }

    /**
     * A change read from the source's log.
     *
     * @param position of the change itself, not of its commit
     * @param ordinal counts the changes of one transaction that share the position, from 0
     */
    public static ChangeEvent ofChange(
            Operation operation,
            TableSchema schema,
            SourcePosition position,
            long ordinal,
            @Nullable Row before,
            @Nullable Row after) {
        return new ChangeEvent(operation, schema, position, ordinal, -1, before, after);
    }

    /**
     * A row (READ), or the emptying of a table before an attempt starts over (TRUNCATE), of a snapshot.
     *
     * @param position at which the snapshot is consistent
     * @param epoch of the agent that took the snapshot
     * @param ordinal counts the events of that snapshot, from 0
     */
    public static ChangeEvent ofSnapshot(
            Operation operation,
            TableSchema schema,
            SourcePosition position,
            long epoch,
            long ordinal,
            @Nullable Row after) {
        return new ChangeEvent(operation, schema, position, ordinal, epoch, null, after);
    }

    public EventId id() {
        return snapshotEpoch >= 0
                ? EventId.ofSnapshot(position.source(), snapshotEpoch, ordinal)
                : EventId.ofChange(position, ordinal);
    }

    public Operation operation() {
        return operation;
    }

    public TableSchema schema() {
        return schema;
    }

    public TableId table() {
        return schema.table();
    }

    public SourcePosition position() {
        return position;
    }

    public long ordinal() {
        return ordinal;
    }

    public boolean isSnapshot() {
        return snapshotEpoch >= 0;
    }

    /** The epoch of the snapshot attempt, -1 for a streamed change. */
    public long snapshotEpoch() {
        return snapshotEpoch;
    }

    public @Nullable Row before() {
        return before;
    }

    public @Nullable Row after() {
        return after;
    }

    /**
     * The image that names the row after the change: {@code after}, for a DELETE {@code before}.
     *
     * @throws IllegalStateException for TRUNCATE, which names no row
     */
    public Row image() {
        Row image = after != null ? after : before;
        if (image == null) {
            throw new IllegalStateException("a truncation of " + table() + " has no row image");
        }
        return image;
    }

    /**
     * The same change, with the same identity, that leaves another row behind.
     *
     * @param image in place of {@link #after}, which must be there
     */
    public ChangeEvent withAfter(Row image) {
        if (after == null) {
            throw new IllegalStateException(this + " leaves no row");
        }
        return new ChangeEvent(operation, schema, position, ordinal, snapshotEpoch, before, image);
    }

    /** Whether this is an UPDATE that gave the row another primary key. */
    public boolean changesKey() {
        return operation == Operation.UPDATE
                && schema.hasKey()
                && before != null
                && after != null
                && !before.keyValues().equals(after.keyValues());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChangeEvent that
                && operation == that.operation
                && ordinal == that.ordinal
                && snapshotEpoch == that.snapshotEpoch
                && position.equals(that.position)
                && schema.equals(that.schema)
                && Objects.equals(before, that.before)
                && Objects.equals(after, that.after);
    }

    @Override
    public int hashCode() {
        return Objects.hash(operation, position, ordinal, snapshotEpoch);
    }

    @Override
    public String toString() {
        return operation + " of " + table() + " " + id();
    }
}
