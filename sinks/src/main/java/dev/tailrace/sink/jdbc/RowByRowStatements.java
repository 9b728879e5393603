package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One prepared statement a row, for a database that runs inside of this process: a statement costs no round trip, so
 * nothing is gained by writing many rows with one. Between two rows an interrupt ends the work.
 *
 * <p>All texts are standard SQL: a row is updated by its key, and inserted when there is none. A dialect says how a value
 * becomes a parameter, and may have a better upsert.
 */
public abstract class RowByRowStatements implements RowStatements {
    private static final int STATEMENTS = 256;

    private final Dialect dialect;
    private final RowSyntax syntax;
    private final Connection connection;
    private final ConditionStatements conditions;
    private final StatementCache statements;

    protected RowByRowStatements(Dialect dialect, RowSyntax syntax, Connection connection) {
        this.dialect = dialect;
        this.syntax = syntax;
        this.connection = connection;
        this.conditions = new ConditionStatements(dialect, syntax, connection);
        this.statements = new StatementCache(connection, STATEMENTS);
    }

    /** What stands before VALUES. */
    protected String overriding(TableBinding table) {
        return "";
    }

    @Override
    public void upsert(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        for (Row row : rows) {
            if (!isThere(table, columns, row)) {
                execute(insertText(table, columns), table, columns, row, List.of(), row);
            }
        }
    }

    private boolean isThere(TableBinding table, List<Integer> columns, Row row) throws SQLException {
        List<Integer> set = withoutKey(table, columns);
        if (!set.isEmpty()) {
            return execute(updateText(table, set), table, set, row, table.key(), row) > 0;
        }
        return hasKey(table, row);
    }

    private boolean hasKey(TableBinding table, Row row) throws SQLException {
        stopWhenInterrupted();
        PreparedStatement query =
                statements.prepared("SELECT 1 FROM " + name(table) + " WHERE " + equal(table, table.key()));
        bind(query, 1, table, table.key(), row);
        try (ResultSet found = query.executeQuery()) {
            return found.next();
        }
    }

    @Override
    public void insertNew(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        for (Row row : rows) {
            if (table.key().isEmpty() || !hasKey(table, row)) {
                execute(insertText(table, columns), table, columns, row, List.of(), row);
            }
        }
    }

    @Override
    public long update(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        List<Integer> set = withoutKey(table, columns);
        long count = 0;
        for (Row row : rows) {
            boolean found = set.isEmpty()
                    ? hasKey(table, row)
                    : execute(updateText(table, set), table, set, row, table.key(), row) > 0;
            count += found ? 1 : 0;
        }
        return count;
    }

    @Override
    public void delete(TableBinding table, List<Row> keys) throws SQLException {
        String text = "DELETE FROM " + name(table) + " WHERE " + equal(table, table.key());
        for (Row key : keys) {
            execute(text, table, List.of(), key, table.key(), key);
        }
    }

    @Override
    public boolean[] move(TableBinding table, List<Integer> columns, List<Move> moves) throws SQLException {
        String text = updateText(table, columns);
        boolean[] found = new boolean[moves.size()];
        for (int i = 0; i < found.length; i++) {
            Move move = moves.get(i);
            found[i] = execute(text, table, columns, move.after(), table.key(), move.before()) > 0;
        }
        return found;
    }

    @Override
    public void rotate(TableBinding table, List<Move> moves) throws SQLException {
        new KeyRotation(dialect, (t, move) -> move(t, t.key(), List.of(move)), parking()).apply(table, moves);
    }

    @Override
    public final ConditionStatements conditions() {
        return conditions;
    }

    /** Row by row, because TRUNCATE would commit what is open or is not there. */
    @Override
    public void truncate(List<TargetTable> tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (TargetTable table : tables) {
                stopWhenInterrupted();
                statement.execute("DELETE FROM " + dialect.quote(table.name()));
            }
        }
    }

    /**
     * Runs a statement for one row.
     *
     * @param first the columns whose values are bound first, out of {@code row}
     * @param then the columns whose values follow, out of {@code second}
     * @return how many rows it changed
     */
    protected final int execute(
            String text, TableBinding table, List<Integer> first, Row row, List<Integer> then, Row second)
            throws SQLException {
        stopWhenInterrupted();
        PreparedStatement statement = statements.prepared(text);
        int parameter = bind(statement, 1, table, first, row);
        bind(statement, parameter, table, then, second);
        int count = statement.executeUpdate();
        // A large value is not kept until the next row.
        statement.clearParameters();
        return count;
    }

    /** The caller sees the interrupt itself; this only ends the work. */
    static void stopWhenInterrupted() throws SQLException {
        if (Thread.currentThread().isInterrupted()) {
            throw new SQLException("interrupted between two rows");
        }
    }

    private int bind(PreparedStatement statement, int first, TableBinding table, List<Integer> columns, Row row)
            throws SQLException {
        int parameter = first;
        for (int column : columns) {
            syntax.bind(statement, parameter++, table, column, row);
        }
        return parameter;
    }

    protected final String insertText(TableBinding table, List<Integer> columns) {
        return "INSERT INTO " + name(table) + " (" + dialect.quote(table, columns) + ")" + overriding(table)
                + " VALUES ("
                + columns.stream().map(c -> syntax.parameter(table, c)).collect(Collectors.joining(", ")) + ")";
    }

    private String updateText(TableBinding table, List<Integer> set) {
        return "UPDATE " + name(table) + " SET "
                + set.stream().map(c -> assigned(table, c)).collect(Collectors.joining(", ")) + " WHERE "
                + equal(table, table.key());
    }

    private String equal(TableBinding table, List<Integer> columns) {
        return columns.stream().map(c -> assigned(table, c)).collect(Collectors.joining(" AND "));
    }

    private String assigned(TableBinding table, int column) {
        return dialect.quote(table, column) + " = " + syntax.parameter(table, column);
    }

    protected static List<Integer> withoutKey(TableBinding table, List<Integer> columns) {
        List<Integer> set = new ArrayList<>(columns);
        set.removeAll(table.key());
        return set;
    }

    private String name(TableBinding table) {
        return dialect.quote(table.table().name());
    }

    @Override
    public void close() {
        statements.forget();
    }
}
