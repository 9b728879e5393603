package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.HoldingSink;
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
final class JdbcSink implements HoldingSink {
    private final JdbcSettings settings;
    private final Dialect dialect;
    private final SqlErrors.Rules errors;
    private final BulkLoads.Limits limits;

    private @Nullable Open open;
    private Optional<Checkpoint> found = Optional.empty();

    /** What lives from open to close. */
    private record Open(
            SinkContext context,
            Connection connection,
            CheckpointTable checkpoints,
            TargetTables tables,
            Evolution evolution,
            SchemaMemory memory,
            Holds holds,
            RowStatements statements,
            Applier applier,
            Fallback fallback,
            CatchingUp catchingUp) {}

    /** The highest frame of this journal that the target holds. */
    private long durable;

    /** Whether a transaction waits for more parts. */
    private boolean pending;

    JdbcSink(JdbcSettings settings, Dialect dialect, BulkLoads.Limits limits) {
        this.limits = limits;
        this.settings = settings;
        this.dialect = dialect;
        this.errors = new ToldErrors(dialect.errors(), settings.errors());
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
            throw SqlErrors.failure(errors, e, "opening " + settings.maskedUrl(), List.of());
        }
    }

    private void start(SinkContext context, Connection connection) throws SQLException, SinkException {
        CheckpointTable checkpoints = new CheckpointTable(dialect, connection, settings, context);
        checkpoints.prepare();
        AppliedShapes shapes = new AppliedShapes(context.journal());
        Holds holds = new Holds();
        SoftDeletes deletes =
                settings.semantics().deletedColumn().map(SoftDeletes::new).orElse(null);
        TargetTables tables = new TargetTables(settings, dialect, connection, shapes, deletes);
        SchemaMemory memory =
                new SchemaMemory(settings, dialect, connection, context, checkpoints, shapes, holds, () -> durable);
        Evolution evolution = new Evolution(settings, dialect, connection, context, memory, shapes, tables, holds);
        memory.prepare();
        connection.setAutoCommit(false);
        found = checkpoints.takeOver();
        durable = found.filter(c -> c.journal().equals(context.journal()))
                .map(Checkpoint::sequence)
                .orElse(0L);
        evolution.open();
        connection.commit();
        memory.recorded();
        RowStatements statements = dialect.statements(connection);
        Runnable midBatch = () -> context.faults().hit("sink.jdbc.mid-batch");
        BulkLoads loads =
                new BulkLoads(statements, limits, () -> context.faults().hit("sink.jdbc.mid-copy"));
        Applier applier = settings.mode() == Mode.APPEND
                ? new AppendApplier(tables, statements, midBatch)
                : new UpsertApplier(dialect, tables, statements, connection, loads, deletes, midBatch);
        Fallback fallback = new Fallback(dialect, errors, connection, tables, applier);
        CatchingUp catchingUp = new CatchingUp(
                errors,
                context,
                connection,
                checkpoints,
                evolution,
                memory,
                holds,
                transactions -> apply(required(), transactions, null));
        open = new Open(
                context,
                connection,
                checkpoints,
                tables,
                evolution,
                memory,
                holds,
                statements,
                applier,
                fallback,
                catchingUp);
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
        return found;
    }

    @Override
    public WriteResult write(Batch batch) throws SinkException {
        Open current = required();
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
            throw SqlErrors.failure(errors, e, "writing " + batch, List.of());
        } finally {
            if (!done) {
                rollBack(current);
            }
        }
    }

    private WriteResult write(Open current, Batch batch) throws SQLException, SinkException {
        if (batch.startsTransaction() && pending) {
            rollBack(current);
        }
        // Statements that change tables are run between two transactions, never inside of one.
        current.evolution.settle(batch, batch.after() < 0 ? durable : batch.after(), pending);
        List<Transaction> wanted = current.holds.without(batch);
        if (batch.startsTransaction()) {
            current.checkpoints.move(batch.checkpoint());
        } else if (!pending) {
            throw new IllegalStateException("a part of a transaction whose first part was not written: " + batch);
        }
        current.applier.begin(batch);
        apply(current, wanted, batch.startsTransaction() && batch.endsTransaction() ? batch.checkpoint() : null);
        if (!batch.endsTransaction()) {
            pending = true;
            return WriteResult.PENDING;
        }
        if (!batch.startsTransaction()) {
            current.checkpoints.move(batch.checkpoint());
        }
        current.memory.record();
        current.context.faults().hit("sink.jdbc.before-commit");
        commit(current, batch, wanted);
        current.memory.recorded();
        pending = false;
        durable = batch.checkpoint().sequence();
        current.checkpoints.moved();
        current.context.faults().hit("sink.jdbc.after-commit");
        return WriteResult.DURABLE;
    }

    /**
     * Combined statements may meet a constraint that the source's order never violated; then another way is taken.
     *
     * @param whole the checkpoint of the open transaction when these changes are all it holds
     */
    private void apply(Open current, List<Transaction> transactions, @Nullable Checkpoint whole)
            throws SQLException, SinkException {
        Savepoint before = whole != null ? null : current.connection.setSavepoint();
        try {
            current.applier.apply(transactions);
            if (before != null) {
                current.connection.releaseSavepoint(before);
            }
            return;
        } catch (SQLException e) {
            requireReject(SqlErrors.failure(errors, e, "writing " + count(transactions), List.of()));
        } catch (SinkException e) {
            requireReject(e);
        }
        if (before != null) {
            current.applier.rolledBack();
            current.connection.rollback(before);
            current.fallback.write(transactions);
        } else if (whole != null) {
            applyAnew(current, transactions, whole);
        }
    }

    private static String count(List<Transaction> transactions) {
        return transactions.stream().mapToInt(t -> t.events().size()).sum() + " changes";
    }

    private static void requireReject(SinkException failure) throws SinkException {
        if (failure.disposition() != Disposition.REJECT) {
            throw failure;
        }
    }

    private static void applyAnew(Open current, List<Transaction> transactions, Checkpoint whole)
            throws SQLException, SinkException {
        current.applier.rolledBack();
        current.connection.rollback();
        current.checkpoints.move(whole);
        if (!transactions.isEmpty()) {
            current.fallback.write(transactions);
        }
    }

    /** The target may keep a check for the commit; what it refuses there gets its name by the fall-back. */
    private void commit(Open current, Batch batch, List<Transaction> wanted) throws SQLException, SinkException {
        // I2: the checkpoint, the changes and the shapes they have become durable together.
        try {
            current.connection.commit();
        } catch (SQLException e) {
            SinkException failure = SqlErrors.failure(errors, e, "committing " + batch, List.of());
            if (failure.disposition() != Disposition.REJECT || !batch.startsTransaction()) {
                throw failure;
            }
            applyAnew(current, wanted, batch.checkpoint());
            current.memory.record();
            current.connection.commit();
        }
    }

    @Override
    public String redriven() {
        return required().checkpoints.redriven();
    }

    @Override
    public void redrive(String token, Batch batch) throws SinkException {
        Open current = required();
        if (pending) {
            throw new IllegalStateException("a transaction is open, and " + batch + " is not part of it");
        }
        boolean done = false;
        try {
            current.evolution.settle(batch, durable, false);
            List<Transaction> wanted = current.holds.without(batch);
            if (wanted.stream().mapToInt(t -> t.events().size()).sum() < batch.eventCount()) {
                throw SinkException.reject(
                        SqlErrors.SCHEMA_PAUSED,
                        "a table of " + batch + " is held back",
                        "approve of its new shape first: tailrace schema list",
                        List.of(),
                        null);
            }
            current.checkpoints.fence(token); // I6
            current.applier.begin(batch);
            apply(current, wanted, null);
            current.memory.record();
            current.context.faults().hit("sink.jdbc.before-commit");
            current.connection.commit();
            current.memory.recorded();
            done = true;
            current.context.faults().hit("sink.jdbc.after-commit");
        } catch (SQLException e) {
            throw SqlErrors.failure(errors, e, "writing changes that waited, " + batch, List.of());
        } finally {
            if (!done) {
                rollBack(current);
            }
        }
    }

    @Override
    public List<HeldTable> held() {
        Open current = open;
        return current == null ? List.of() : current.holds.told();
    }

    @Override
    public void approve(TableId table) throws SinkException {
        Open current = required();
        Optional<Hold> hold = current.holds.of(table);
        if (hold.isPresent()) {
            alone(current, table, () -> {
                current.memory.hold(hold.get().approve());
                return Optional.empty();
            });
        }
    }

    @Override
    public Optional<WriteResult> catchUp(TableId table, Batch batch) throws SinkException {
        Open current = required();
        return alone(current, table, () -> {
            current.applier.begin(batch);
            Optional<WriteResult> written = current.catchingUp.write(table, batch);
            if (written.isEmpty()) {
                current.tables.rolledBack();
            }
            return written;
        });
    }

    @Override
    public void join(TableId table, long upTo) throws SinkException {
        Open current = required();
        alone(current, table, () -> {
            current.memory.release(table);
            return Optional.empty();
        });
    }

    /** What is done for a held table alone. */
    @FunctionalInterface
    private interface HeldStep {
        Optional<WriteResult> run() throws SQLException, SinkException;
    }

    private Optional<WriteResult> alone(Open current, TableId table, HeldStep step) throws SinkException {
        if (pending) {
            throw new IllegalStateException("a transaction is open, and " + table + " is not part of it");
        }
        boolean done = false;
        try {
            Optional<WriteResult> result = step.run();
            done = true;
            return result;
        } catch (SQLException e) {
            throw SqlErrors.failure(errors, e, "writing held changes of " + table, List.of());
        } finally {
            if (!done) {
                rollBack(current);
            }
        }
    }

    private Open required() {
        Open current = open;
        if (current == null) {
            throw new IllegalStateException("the sink is not open");
        }
        return current;
    }

    private void rollBack(Open current) {
        pending = false;
        current.applier.rolledBack();
        current.tables.rolledBack();
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
