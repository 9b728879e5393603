package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.Row;
import dev.tailrace.sink.TaskAhead;
import dev.tailrace.sink.jdbc.ConditionStatements;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.RowStatements;
import dev.tailrace.sink.jdbc.StatementCache;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postgresql.PGStatement;

/**
 * One statement a group of rows: every column is one array parameter that {@code unnest} spreads. One text and one plan
 * serve every number of rows.
 */
final class PostgresStatements implements RowStatements {
    private static final int STATEMENTS = 256;

    /** Classes of errors: unsupported, data, integrity, rights and syntax, WITH CHECK OPTION, limits, raised by a function. */
    private static final Set<String> REFUSED = Set.of("0A", "22", "23", "42", "44", "54", "P0");

    /** The time of one statement, which a load takes for all rows, and an upsert for a thousand of them. */
    private static final String TIMED_OUT = "57014";

    private final Dialect dialect;
    private final Connection connection;
    private final ConditionStatements conditions;
    private final PostgresSql sql;
    private final PostgresSql oneRowSql;
    private final OneAhead ahead = new OneAhead();
    private final StatementCache statements;

    PostgresStatements(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
        this.conditions = new ConditionStatements(dialect, new PostgresSyntax(), connection);
        this.sql = new PostgresSql(dialect, false);
        this.oneRowSql = new PostgresSql(dialect, true);
        this.statements = new StatementCache(connection, STATEMENTS);
    }

    @Override
    public void upsert(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        execute(s -> s.upsert(table, columns), true, table, columns, rows);
    }

    @Override
    public void insertNew(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        execute(s -> s.insertNew(table, columns), true, table, columns, rows);
    }

    @Override
    public long update(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        return execute(s -> s.update(table, columns), false, table, columns, rows);
    }

    @Override
    public void delete(TableBinding table, List<Row> keys) throws SQLException {
        execute(s -> s.delete(table), false, table, table.key(), keys);
    }

    @Override
    public boolean[] move(TableBinding table, List<Integer> columns, List<Move> moves) throws SQLException {
        PreparedStatement statement = statements.prepared(sql.move(table, columns));
        // Where a value was refused half-way, earlier rows still wait here.
        statement.clearBatch();
        for (Move move : moves) {
            int parameter = 1;
            for (int column : columns) {
                statement.setString(parameter++, ColumnArray.text(table, column, move.after()));
            }
            for (int column : table.key()) {
                statement.setString(parameter++, ColumnArray.text(table, column, move.before()));
            }
            statement.addBatch();
        }
        int[] counts = statement.executeBatch();
        boolean[] found = new boolean[counts.length];
        for (int i = 0; i < counts.length; i++) {
            found[i] = counts[i] > 0 || counts[i] == Statement.SUCCESS_NO_INFO;
        }
        return found;
    }

    @Override
    public void rotate(TableBinding table, List<Move> moves) throws SQLException {
        PreparedStatement statement = planned(sql.rotate(table));
        List<Row> before = moves.stream().map(Move::before).toList();
        List<Row> after = moves.stream().map(Move::after).toList();
        int parameter = bind(statement, 1, table, table.key(), before);
        bind(statement, parameter, table, table.key(), after);
        statement.executeUpdate();
    }

    @Override
    public ConditionStatements conditions() {
        return conditions;
    }

    @Override
    public void truncate(List<TargetTable> tables) throws SQLException {
        Set<TargetName> names = tables.stream().map(TargetTable::name).collect(Collectors.toSet());
        boolean atOnce = tables.stream().allMatch(t -> t.mayTruncate() && names.containsAll(t.children()));
        try (Statement statement = connection.createStatement()) {
            if (atOnce) {
                statement.execute("TRUNCATE "
                        + new HashSet<>(names).stream().map(dialect::quote).collect(Collectors.joining(", ")));
            } else {
                for (TargetTable table : tables) {
                    statement.execute("DELETE FROM " + dialect.quote(table.name()));
                }
            }
        }
    }

    @Override
    public boolean isEmpty(TargetTable table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT 1 FROM " + dialect.quote(table.name()) + " LIMIT 1")) {
            return !found.next();
        }
    }

    @Override
    public boolean loads() {
        return true;
    }

    @Override
    public Load load(TableBinding table, List<Integer> columns, List<Row> rows, Runnable halfway) throws SQLException {
        for (Row row : rows) {
            if (RowGroup.isLarge(columns, row)) {
                return Load.UNFIT;
            }
        }
        // It ends with the transaction, or with the savepoint of whoever called: a round trip less.
        Savepoint before = connection.setSavepoint();
        PostgresCopy copy = new PostgresCopy(dialect, table, columns);
        try {
            copy.run(connection, rows, halfway);
            return Load.DONE;
        } catch (SQLException e) {
            // A time-out before it began is that of a lock, for which upserts would wait as long.
            if (!ofTheRows(e) && !(copy.began() && TIMED_OUT.equals(e.getSQLState()))) {
                throw e;
            }
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return Load.REFUSED;
        }
    }

    /** Whether upserts of the same rows are the better judge: data, constraints, what COPY may not or cannot do. */
    private static boolean ofTheRows(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && REFUSED.contains(state.substring(0, 2));
    }

    /** For joins: planned at each use, because a plan kept from when the table was small reads all of it later. */
    private PreparedStatement planned(String text) throws SQLException {
        PreparedStatement statement = statements.prepared(text);
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        return statement;
    }

    private long execute(
            Function<PostgresSql, String> text,
            boolean keepPlan,
            TableBinding table,
            List<Integer> columns,
            List<Row> rows)
            throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        long count = 0;
        RowGroup group = RowGroup.of(table, columns, rows, 0);
        while (true) {
            int from = group.to();
            TaskAhead<RowGroup, SQLException> next =
                    from < rows.size() ? ahead.start(() -> RowGroup.of(table, columns, rows, from)) : null;
            try {
                count += execute(text.apply(group.isLarge() ? oneRowSql : sql), keepPlan, table, columns, group, rows);
            } catch (SQLException | RuntimeException | Error e) {
                if (next != null) {
                    next.settle();
                }
                throw e;
            }
            if (next == null) {
                return count;
            }
            group = next.result();
        }
    }

    private long execute(
            String text, boolean keepPlan, TableBinding table, List<Integer> columns, RowGroup group, List<Row> rows)
            throws SQLException {
        // An insert leaves nothing to choose: one plan is kept at the server.
        PreparedStatement statement = keepPlan ? statements.prepared(text) : planned(text);
        if (group.isLarge()) {
            bindScalars(statement, table, columns, rows.get(group.to() - 1));
        } else {
            int parameter = 1;
            for (ColumnArray array : group.arrays()) {
                array.bind(connection, statement, parameter++);
            }
        }
        long count = statement.executeUpdate();
        statement.clearParameters();
        return count;
    }

    private static void bindScalars(PreparedStatement statement, TableBinding table, List<Integer> columns, Row row)
            throws SQLException {
        int parameter = 1;
        for (int column : columns) {
            Object value = row.value(column);
            if (value instanceof byte[] bytes && table.column(column).type().equals("bytea")) {
                statement.setBytes(parameter++, bytes);
            } else {
                statement.setString(parameter++, ColumnArray.text(table, column, row));
            }
        }
    }

    private int bind(PreparedStatement statement, int first, TableBinding table, List<Integer> columns, List<Row> rows)
            throws SQLException {
        int parameter = first;
        Row[] group = rows.toArray(Row[]::new);
        for (int column : columns) {
            ColumnArray.of(table, column, group).bind(connection, statement, parameter++);
        }
        return parameter;
    }

    @Override
    public void close() {
        statements.forget();
        ahead.close();
    }
}
