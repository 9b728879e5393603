package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans and runs changes of the target's tables, on a connection of its own with auto-commit: some databases commit at
 * every such statement, and none of them may commit half of a source transaction. Closed after use; nothing else of the
 * sink may have a transaction open meanwhile that has touched the table. Where the dialect {@linkplain
 * Dialect#definesInside defines inside}, they are a part of the open transaction instead.
 */
final class TargetDdl implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TargetDdl.class);

    private final JdbcSettings settings;
    private final Dialect dialect;
    private final SinkContext context;
    private final Connection connection;

    /** @param writing the connection that writes rows */
    TargetDdl(JdbcSettings settings, Dialect dialect, SinkContext context, Connection writing) throws SQLException {
        this.settings = settings;
        this.dialect = dialect;
        this.context = context;
        // A type that is changed rewrites the table, for as long as that takes.
        this.connection = dialect.definesInside() ? writing : dialect.connect(settings.patient());
    }

    /** Empty when the target has no such table. */
    Optional<SchemaPlan> plan(AppliedShape known, TableSchema to) throws SQLException {
        return plan(known.schema(), known.filled(), to);
    }

    private Optional<SchemaPlan> plan(TableSchema from, Set<String> filled, TableSchema to) throws SQLException {
        Optional<TargetTable> table = table(to);
        return table.isEmpty()
                ? Optional.empty()
                : Optional.of(new SchemaPlanner(settings, dialect, connection).plan(from, filled, to, table.get()));
    }

    Optional<TargetTable> table(TableSchema schema) throws SQLException {
        return dialect.describe(connection, settings.target(schema.table()));
    }

    /**
     * Runs what the target still needs. Whatever of it was run before, by a process that died or by an operator, is in no
     * plan any more.
     *
     * @throws SinkException RETRY when the target is out of order; HALT when it refuses a statement
     */
    void run(SchemaPlan plan) throws SinkException {
        context.faults().hit("sink.jdbc.before-ddl");
        for (String statement : plan.ddl()) {
            log.info("{}: table {}: {}", context.pipeline(), plan.table(), statement);
            try (Statement ddl = connection.createStatement()) {
                ddl.execute(statement);
            } catch (SQLException e) {
                if (!isDone(plan, statement)) {
                    throw refused(plan, statement, e);
                }
            }
            context.faults().hit("sink.jdbc.after-ddl");
        }
    }

    /** Whether somebody else has run it at the same moment. */
    private boolean isDone(SchemaPlan plan, String statement) {
        try {
            return plan(plan.from(), plan.filled(), plan.to())
                    .map(now -> !now.ddl().contains(statement))
                    .orElse(false);
        } catch (SQLException e) {
            return false;
        }
    }

    private SinkException refused(SchemaPlan plan, String statement, SQLException e) {
        String what = "table " + plan.table() + ": " + statement;
        SinkException failure = SqlErrors.failure(dialect.errors(), e, what, List.of());
        if (failure.disposition() == Disposition.RETRY) {
            return failure;
        }
        return SinkException.halt(
                failure.code().equals(SqlErrors.PERMISSION) ? SqlErrors.PERMISSION : SqlErrors.SCHEMA_DDL,
                String.valueOf(failure.getMessage()),
                "run it at the target yourself, as the table's owner, or mend what it names: " + statement,
                failure.getCause());
    }

    @Override
    public void close() throws SQLException {
        if (!dialect.definesInside()) {
            connection.close();
        }
    }
}
