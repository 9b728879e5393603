package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.ChangeClass.Reaction;
import dev.tailrace.sink.jdbc.JdbcSettings.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    /** @param table as the target's catalog has it now */
    SchemaPlan plan(TableSchema from, TableSchema to, TargetTable table) throws SQLException {
        boolean keyed = settings.mode() == Mode.UPSERT;
        List<SchemaPlan.Step> steps = new ArrayList<>();
        for (SchemaChange change : SchemaComparison.between(from, to, keyed)) {
            List<String> ddl = ddl(change, written(from), written(to), table);
            Reaction reaction = settings.schemaPolicy().of(change.kind());
            // Without the right to create tables nothing of the target's is altered either: its owner does it.
            if (reaction == Reaction.EVOLVE && !settings.createTables() && !ddl.isEmpty()) {
                reaction = Reaction.PAUSE;
            }
            // A key that no statement is known for waits for somebody, whatever the policy says.
            boolean unknown = change.action() == SchemaChange.Action.KEY
                    && ddl.isEmpty()
                    && !hasKey(table, SchemaComparison.keyNames(to));
            steps.add(
                    new SchemaPlan.Step(change, unknown && reaction != Reaction.FAIL ? Reaction.PAUSE : reaction, ddl));
        }
        return new SchemaPlan(from, to, table.name(), steps);
    }

    private TableSchema written(TableSchema source) {
        return settings.mode() == Mode.APPEND ? HistoryTable.of(source) : source;
    }

    private List<String> ddl(SchemaChange change, TableSchema from, TableSchema to, TargetTable table)
            throws SQLException {
        return switch (change.action()) {
            case ADD -> add(change.column(), to, table);
            case DROP, RELAX -> relax(change.column(), to, table);
            case RENAME -> rename(change, to, table);
            case WIDEN, CONVERT -> retype(change, from, to, table);
            // The target keeps a type that holds more, and never enforces what the source does.
            case SHRINK, TIGHTEN -> List.of();
            case KEY -> {
                List<String> key = SchemaComparison.keyNames(to);
                yield key.isEmpty() || hasKey(table, key) ? List.of() : dialect.replaceKey(connection, table, key);
            }
        };
    }

    private List<String> add(String name, TableSchema to, TargetTable table) throws SQLException {
        return table.column(name).isPresent()
                ? List.of()
                : List.of(new TableDdl(dialect, connection).addColumn(table.name(), to, to.column(to.indexOf(name))));
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
    private List<String> retype(SchemaChange change, TableSchema from, TableSchema to, TargetTable table)
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
        return List.of(
                change.action() == SchemaChange.Action.CONVERT
                        ? alterations.convert(table.name(), column.get(), wanted)
                        : alterations.retype(table.name(), column.get(), wanted));
    }

    private static boolean hasKey(TargetTable table, List<String> columns) {
        Set<String> names = new LinkedHashSet<>();
        columns.forEach(c -> names.add(table.column(c).map(TargetColumn::name).orElse(c)));
        return table.uniqueKeys().contains(names);
    }
}
