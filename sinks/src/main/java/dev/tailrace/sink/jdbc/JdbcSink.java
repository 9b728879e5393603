package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.EventId;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.WriteResult;
import dev.tailrace.sink.jdbc.JdbcSettings.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the tables of one database. One target transaction holds the checkpoint row and the changes of a batch, or
 * of all parts of a big source transaction; nothing is kept in memory between two parts.
 *
 * <p>A batch that the target's checkpoint already covers is answered with durable and not written again: the database
 * itself knows what it holds. Who wants rows written anew lowers the checkpoint first.
 */
final class JdbcSink implements CheckpointingSink {
    private final JdbcSettings settings;
    private final Dialect dialect;

    private @Nullable Open open;
    private Optional<Checkpoint> found = Optional.empty();

    /** What lives from open to close. */
    private record Open(
            SinkContext context,
            Connection connection,
            CheckpointTable checkpoints,
            TargetTables tables,
            RowStatements statements,
            Applier applier) {}

    /** The highest frame of this journal that the target holds. */
    private long durable;

    /** Whether a transaction waits for more parts. */
    private boolean pending;

    JdbcSink(JdbcSettings settings, Dialect dialect) {
        this.settings = settings;
        this.dialect = dialect;
    }

    @Override
    public void open(SinkContext context) throws SinkException {
        if (open != null) {
            throw new IllegalStateException("the sink is open");
        }
        try {
            Connection connection = dialect.connect(settings);
            try {
                start(context, connection);
            } catch (SQLException | SinkException | RuntimeException e) {
                closeQuietly(connection);
                throw e;
            }
        } catch (SQLException e) {
            throw SqlErrors.failure(dialect, e, "opening " + settings.maskedUrl(), List.of());
        }
    }

    private void start(SinkContext context, Connection connection) throws SQLException, SinkException {
        CheckpointTable checkpoints = new CheckpointTable(dialect, connection, settings, context);
        checkpoints.prepare();
        connection.setAutoCommit(false);
        found = checkpoints.takeOver();
        TargetTables tables = new TargetTables(settings, dialect, connection);
        tables.prepare(context.tables());
        connection.commit();
        durable = found.filter(c -> c.journal().equals(context.journal()))
                .map(Checkpoint::sequence)
                .orElse(0L);
        RowStatements statements = dialect.statements(connection);
        Runnable midBatch = () -> context.faults().hit("sink.jdbc.mid-batch");
        Applier applier = settings.mode() == Mode.APPEND
                ? new AppendApplier(tables, statements, midBatch)
                : new UpsertApplier(dialect, tables, statements, connection, midBatch);
        open = new Open(context, connection, checkpoints, tables, statements, applier);
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
        return found;
    }

    @Override
    public WriteResult write(Batch batch) throws SinkException {
        Open current = open;
        if (current == null) {
            throw new IllegalStateException("the sink is not open");
        }
        boolean ours = batch.checkpoint().journal().equals(current.context.journal());
        if (ours && batch.checkpoint().sequence() <= durable) {
            return batch.endsTransaction() ? WriteResult.DURABLE : WriteResult.PENDING;
        }
        boolean done = false;
        try {
            WriteResult result = write(current, batch);
            done = true;
            return result;
        } catch (SQLException e) {
            throw SqlErrors.failure(dialect, e, "writing " + batch, List.of());
        } finally {
            if (!done) {
                rollBack(current);
            }
        }
    }

    private WriteResult write(Open current, Batch batch) throws SQLException, SinkException {
        if (batch.startsTransaction()) {
            if (pending) {
                rollBack(current);
            }
            current.checkpoints.move(batch.checkpoint());
        } else if (!pending) {
            throw new IllegalStateException("a part of a transaction whose first part was not written: " + batch);
        }
        applyOrReplay(current, batch);
        if (!batch.endsTransaction()) {
            pending = true;
            return WriteResult.PENDING;
        }
        if (!batch.startsTransaction()) {
            current.checkpoints.move(batch.checkpoint());
        }
        current.context.faults().hit("sink.jdbc.before-commit");
        // I2: the checkpoint and the changes become durable together.
        current.connection.commit();
        pending = false;
        durable = batch.checkpoint().sequence();
        current.checkpoints.moved();
        current.context.faults().hit("sink.jdbc.after-commit");
        return WriteResult.DURABLE;
    }

    /**
     * Combined statements may meet a constraint that the source's order never violated: then everything once more, change
     * by change (I3). What is refused there is refused for good, and has a name.
     */
    private void applyOrReplay(Open current, Batch batch) throws SQLException, SinkException {
        boolean whole = batch.startsTransaction() && batch.endsTransaction();
        Savepoint before = whole ? null : current.connection.setSavepoint();
        try {
            current.applier.apply(batch.transactions());
            if (before != null) {
                current.connection.releaseSavepoint(before);
            }
            return;
        } catch (SQLException e) {
            SinkException failure = SqlErrors.failure(dialect, e, "writing " + batch, List.of());
            if (failure.disposition() != Disposition.REJECT) {
                throw failure;
            }
        } catch (SinkException e) {
            if (e.disposition() != Disposition.REJECT) {
                throw e;
            }
        }
        if (before != null) {
            current.connection.rollback(before);
        } else {
            current.connection.rollback();
            current.checkpoints.move(batch.checkpoint());
        }
        current.tables.forget();
        dialect.deferConstraints(current.connection);
        replay(current, batch);
    }

    private void replay(Open current, Batch batch) throws SinkException {
        for (Transaction transaction : batch.transactions()) {
            for (List<ChangeEvent> piece : current.applier.pieces(transaction)) {
                try {
                    current.applier.apply(List.of(new Transaction(
                            transaction.id(),
                            transaction.position(),
                            transaction.commitMicros(),
                            piece,
                            transaction.first(),
                            transaction.last())));
                } catch (SQLException e) {
                    List<EventId> ids = piece.stream().map(ChangeEvent::id).toList();
                    throw SqlErrors.failure(dialect, e, "writing " + piece.get(0), ids);
                }
            }
        }
    }

    private void rollBack(Open current) {
        pending = false;
        if (dialect.definesInside()) {
            // Tables that were created in this transaction are gone with it.
            current.tables.forget();
        }
        try {
            current.connection.rollback();
        } catch (SQLException e) {
            // The connection is broken, so the target rolls back by itself; the failure that led here is reported.
            closeQuietly(current.connection);
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Nothing is left to be done with a connection that does not even close.
            return;
        }
    }

    @Override
    public void close() {
        Open current = open;
        open = null;
        pending = false;
        if (current != null) {
            // The target rolls back what is pending when its connection ends.
            current.statements.close();
            closeQuietly(current.connection);
        }
    }
}
