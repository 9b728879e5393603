package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableId;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What the target remembers of its tables' shapes and of those that are held back, with what is to be remembered by the
 * next commit. Owned by the sink's thread.
 */
final class SchemaMemory {
    private final Connection connection;
    private final CheckpointTable checkpoints;
    private final SchemaTable rows;
    private final AppliedShapes shapes;
    private final Holds holds;
    private final LongSupplier checkpoint;
    private final Map<TableId, AppliedShape> unrecorded = new LinkedHashMap<>();

    /** @param checkpoint the target's, in frames of this journal */
    SchemaMemory(
            JdbcSettings settings,
            Dialect dialect,
            Connection connection,
            SinkContext context,
            CheckpointTable checkpoints,
            AppliedShapes shapes,
            Holds holds,
            LongSupplier checkpoint) {
        this.connection = connection;
        this.checkpoints = checkpoints;
        this.rows = new SchemaTable(dialect, connection, settings, context);
        this.shapes = shapes;
        this.holds = holds;
        this.checkpoint = checkpoint;
    }

    /** Makes Tailrace's own table. With auto-commit on. */
    void prepare() throws SQLException {
        rows.prepare();
    }

    /** Reads everything, in the open transaction. */
    void load() throws SQLException {
        rows.load(shapes, holds);
        long now = checkpoint();
        for (Hold hold : holds.all()) {
            // Who puts the checkpoint back wants everything behind it written again, the held changes too.
            if (hold.checkpoint() > now && hold.after() > now) {
                holds.put(move(hold, now, 0));
            }
        }
    }

    long checkpoint() {
        return checkpoint.getAsLong();
    }

    /** The target is fit for this shape; durable with the next {@link #record}. */
    void advance(AppliedShape shape) {
        shapes.put(shape);
        unrecorded.put(shape.schema().table(), shape);
    }

    /** Remembers what the target was made fit for, inside the open transaction, as its last statement. */
    void record() throws SQLException {
        rows.store(unrecorded.values());
    }

    /** The transaction of {@link #record} is committed. */
    void recorded() {
        rows.stored(unrecorded.values());
        unrecorded.clear();
    }

    /** Makes a hold durable, in a transaction of its own: I2, before any checkpoint passes a change that it holds. */
    void hold(Hold hold) throws SQLException, SinkException {
        checkpoints.fence();
        record();
        rows.hold(hold.table(), hold.toJson());
        connection.commit();
        recorded();
        holds.put(hold);
    }

    /**
     * Moves a hold inside the open transaction.
     *
     * @return the hold, to be {@linkplain Holds#put put} when that is committed
     */
    Hold move(Hold hold, long after, long skip) throws SQLException {
        Hold moved = hold.at(after, skip, checkpoint());
        rows.hold(moved.table(), moved.toJson());
        return moved;
    }

    /** Ends a hold, in a transaction of its own. */
    void release(TableId table) throws SQLException, SinkException {
        checkpoints.fence();
        rows.hold(table, "");
        connection.commit();
        holds.remove(table);
    }
}
