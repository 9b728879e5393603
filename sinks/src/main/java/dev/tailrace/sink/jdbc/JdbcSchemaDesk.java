package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.SchemaDesk;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at {@code tailrace_schema} and at the target's tables. Writes nothing but an approval. */
final class JdbcSchemaDesk implements SchemaDesk {
    private final JdbcSettings settings;
    private final Dialect dialect;
    private final SinkContext context;

    JdbcSchemaDesk(JdbcSettings settings, Dialect dialect, SinkContext context) {
        this.settings = settings;
        this.dialect = dialect;
        this.context = context;
    }

    /** Something that is asked of the target. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Connection connection) throws SQLException, SinkException;
    }

    private <T> T ask(Question<T> question) throws SinkException {
        try (Connection connection = dialect.connect(settings)) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw SqlErrors.failure(dialect.errors(), e, "target " + settings.maskedUrl(), List.of());
        }
    }

    @Override
    public List<State> states() throws SinkException {
        return ask(connection -> {
            List<State> states = new ArrayList<>();
            if (dialect.describe(connection, SchemaTable.name(settings)).isEmpty()) {
                return states;
            }
            AppliedShapes shapes = new AppliedShapes(context.journal());
            Holds holds = new Holds();
            new SchemaTable(dialect, connection, settings, context).load(shapes, holds);
            for (AppliedShape shape : shapes.all()) {
                TableId table = shape.schema().table();
                @Nullable HeldTable held = holds.of(table).map(Hold::told).orElse(null);
                states.add(new State(
                        table,
                        shape.journal(),
                        shape.schema().version(),
                        shape.ignored().stream().sorted().toList(),
                        held));
            }
            return states;
        });
    }

    @Override
    public List<Change> changes(TableSchema from, TableSchema to) throws SinkException {
        return ask(connection -> {
            Optional<TargetTable> table =
                    dialect.describe(connection, settings.target().of(to.table()));
            if (table.isEmpty()) {
                return List.of();
            }
            return new SchemaPlanner(settings, dialect, connection)
                    .plan(from, from.existing().keySet(), to, table.get()).steps().stream()
                            .map(step -> new Change(
                                    step.change().kind().key(),
                                    step.change().text(),
                                    SchemaPolicy.word(step.reaction()),
                                    step.ddl()))
                            .toList();
        });
    }

    @Override
    public boolean approve(TableId table) throws SinkException {
        return ask(connection -> {
            if (dialect.describe(connection, SchemaTable.name(settings)).isEmpty()) {
                return false;
            }
            AppliedShapes shapes = new AppliedShapes(context.journal());
            Holds holds = new Holds();
            SchemaTable rows = new SchemaTable(dialect, connection, settings, context);
            rows.load(shapes, holds);
            Hold hold = holds.of(table).orElse(null);
            if (hold == null || hold.isApproved()) {
                return false;
            }
            rows.hold(table, hold.approve().toJson());
            return true;
        });
    }
}
