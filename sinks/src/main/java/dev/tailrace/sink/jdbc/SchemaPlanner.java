package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.ChangeClass.Reaction;
import dev.tailrace.sink.jdbc.JdbcSettings.Mode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes {@link SchemaPlan}s: the changes of the source, the sink's policy and the target's table as it stands. */
final class SchemaPlanner {
    private final JdbcSettings settings;
    private final Dialect dialect;
    private final Connection connection;

    SchemaPlanner(JdbcSettings settings, Dialect dialect, Connection connection) {
        this.settings = settings;
        this.dialect = dialect;
        this.connection = connection;
    }

    /**
     * @param filled columns whose default at the target is Tailrace's
     * @param table as the target's catalog has it now
     */
    SchemaPlan plan(TableSchema from, Set<String> filled, TableSchema to, TargetTable table) throws SQLException {
        boolean keyed = settings.mode() == Mode.UPSERT;
        List<SchemaPlan.Step> steps = new ArrayList<>();
        for (SchemaChange change : SchemaComparison.between(from, to, keyed)) {
            Reaction reaction = settings.schemaPolicy().of(change.kind());
            List<String> ddl;
            String unfit = "";
            try {
                ddl = ddl(change, written(from), filled, written(to), table);
            } catch (ValueException e) {
                // I7: nothing else is written in its place unless somebody says so.
                unfit = "; " + e.getMessage() + ": its rows from before would have null";
                ddl = ddl(change, written(from), filled, withoutExisting(written(to)), table);
            }
            // Without the right to create tables nothing of the target's is altered either: its owner does it.
            if (reaction == Reaction.EVOLVE && !settings.createTables() && !ddl.isEmpty()) {
                reaction = Reaction.PAUSE;
            }
            // A key that no statement is known for waits for somebody, whatever the policy says.
            boolean unknown = change.action() == SchemaChange.Action.KEY
                    && ddl.isEmpty()
                    && !hasKey(table, SchemaComparison.keyNames(to));
            boolean asks = (unknown || (!unfit.isEmpty() && reaction == Reaction.EVOLVE)) && reaction != Reaction.FAIL;
            steps.add(new SchemaPlan.Step(change.with(unfit), asks ? Reaction.PAUSE : reaction, ddl));
        }
        return new SchemaPlan(from, filled, to, table.name(), steps);
    }

    private static TableSchema withoutExisting(TableSchema schema) {
        return new TableSchema(schema.id(), schema.table(), schema.version(), schema.columns(), schema.key());
    }

    private TableSchema written(TableSchema source) {
        return settings.mode() == Mode.APPEND ? HistoryTable.of(source) : source;
    }

    private List<String> ddl(
            SchemaChange change, TableSchema from, Set<String> filled, TableSchema to, TargetTable table)
            throws SQLException {
        return switch (change.action()) {
            case ADD -> add(change.column(), to, table);
            case DROP -> drop(change.column(), filled, to, table);
            case RELAX -> relax(change.column(), to, table);
            case RENAME -> rename(change, to, table);
            case WIDEN, CONVERT -> retype(change, from, filled, to, table);
            // The target keeps a type that holds more, and never enforces what the source does.
            case SHRINK, TIGHTEN -> List.of();
            case KEY -> {
                List<String> key = SchemaComparison.keyNames(to);
                yield key.isEmpty() || hasKey(table, key) ? List.of() : dialect.replaceKey(connection, table, key);
            }
        };
    }

    private List<String> add(String name, TableSchema to, TargetTable table) throws SQLException {
        Column column = to.column(to.indexOf(name));
        Optional<TargetColumn> found = table.column(name);
        return found.isPresent()
                ? fill(column, to.existing().get(name), table, found.get())
                : List.of(new TableDdl(dialect, connection).addFilledColumn(table.name(), to, column));
    }

    /**
     * A column that somebody added by hand, or that was added before a crash. Until the new shape is remembered, which is
     * in the transaction of its first rows, every row at the target is one from before: none of them was written with the
     * column, so what is null in it has not got its value yet.
     */
    private List<String> fill(Column column, @Nullable Object existing, TargetTable table, TargetColumn target)
            throws SQLException {
        if (existing == null || target.generated()) {
            return List.of();
        }
        String literal = dialect.literal(column, target.declared(), existing);
        List<String> statements = new ArrayList<>();
        if (!target.hasDefault()) {
            dialect.alterations().setDefault(table.name(), target, literal).ifPresent(statements::add);
        }
        String where = " WHERE " + dialect.quote(target.name()) + " IS NULL";
        if (finds("SELECT 1 FROM " + dialect.quote(table.name()) + where + " LIMIT 1")) {
            statements.add("UPDATE " + dialect.quote(table.name()) + " SET " + dialect.quote(target.name()) + " = "
                    + literal + where);
        }
        return statements;
    }

    private boolean finds(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            return found.next();
        }
    }

    /** Rows that come without it from now on have nothing in it: a default of ours goes. */
    private List<String> drop(String name, Set<String> filled, TableSchema to, TargetTable table) {
        List<String> statements = new ArrayList<>(relax(name, to, table));
        statements.addAll(dropDefault(name, filled, table));
        return statements;
    }

    private List<String> dropDefault(String name, Set<String> filled, TargetTable table) {
        return table.column(name)
                .filter(column -> filled.contains(name) && column.hasDefault() && !column.generated())
                .flatMap(column -> dialect.alterations().dropDefault(table.name(), column))
                .map(List::of)
                .orElse(List.of());
    }

    private List<String> relax(String name, TableSchema to, TargetTable table) {
        Optional<TargetColumn> column = table.column(name);
        int position = to.indexOf(name);
        boolean needed = column.isPresent()
                && column.get().notNull()
                && !column.get().generated()
                && (position < 0 || !to.isKey(position));
        return needed ? List.of(dialect.alterations().dropNotNull(table.name(), column.get())) : List.of();
    }

    private List<String> rename(SchemaChange change, TableSchema to, TargetTable table) throws SQLException {
        String before = change.previous().orElseThrow();
        if (table.column(change.column()).isPresent()) {
            return List.of();
        }
        return table.column(before).isPresent()
                ? List.of(dialect.renameColumn(table.name(), before, change.column()))
                : add(change.column(), to, table);
    }

    /** A type that is not the one Tailrace gives is somebody's choice and stays. */
    private List<String> retype(
            SchemaChange change, TableSchema from, Set<String> filled, TableSchema to, TargetTable table)
            throws SQLException {
        Optional<TargetColumn> column = table.column(change.column());
        if (column.isEmpty()) {
            return List.of();
        }
        Column after = to.column(to.indexOf(change.column()));
        Column before = from.column(from.indexOf(change.column()));
        String wanted = dialect.createdType(connection, to, after).name();
        String given = dialect.createdType(connection, from, before).name();
        String declared = column.get().declared();
        if (declared.equals(wanted) || !declared.equals(given)) {
            return List.of();
        }
        Dialect.Alterations alterations = dialect.alterations();
        if (change.action() == SchemaChange.Action.WIDEN) {
            return List.of(alterations.retype(table.name(), column.get(), wanted));
        }
        // The default would have to be converted as well, which not every database can.
        List<String> statements = new ArrayList<>(dropDefault(change.column(), filled, table));
        statements.add(alterations.convert(table.name(), column.get(), wanted));
        return statements;
    }

    private static boolean hasKey(TargetTable table, List<String> columns) {
        Set<String> names = new LinkedHashSet<>();
        columns.forEach(c -> names.add(table.column(c).map(TargetColumn::name).orElse(c)));
        return table.uniqueKeys().contains(names);
    }
}
