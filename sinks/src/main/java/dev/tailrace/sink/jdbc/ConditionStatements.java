package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Statements that find rows by something else than the key alone: rows without a key by all their values, rows that are
 * marked as deleted by the mark. Like {@link RowStatements} of one connection, inside the open transaction.
 *
 * <p>One row at a time. A null becomes IS NULL in the text and anything else an equality, so that an index of the target's
 * owner serves; the text is the same for all rows with nulls in the same columns.
 */
public final class ConditionStatements {
    private static final int STATEMENTS = 64;

    private final Dialect dialect;
    private final RowSyntax syntax;
    private final StatementCache statements;

    public ConditionStatements(Dialect dialect, RowSyntax syntax, Connection connection) {
        this.dialect = dialect;
        this.syntax = syntax;
        this.statements = new StatementCache(connection, STATEMENTS);
    }

    /**
     * Deletes exactly one row whose columns have these values; null equals null.
     *
     * @return whether there was one
     */
    boolean deleteOne(TableBinding table, List<Integer> columns, Row row) throws SQLException {
        PreparedStatement statement = statements.prepared(syntax.deleteOne(name(table), same(table, columns, row)));
        bind(statement, 1, table, present(columns, row), row);
        return execute(statement) > 0;
    }

    /**
     * Gives exactly one row that has the old values the new ones; null equals null.
     *
     * @return whether there was one
     */
    boolean updateOne(TableBinding table, List<Integer> columns, Row before, Row after) throws SQLException {
        String set = columns.stream().map(c -> assigned(table, c)).collect(Collectors.joining(", "));
        PreparedStatement statement =
                statements.prepared(syntax.updateOne(name(table), set, same(table, columns, before)));
        int parameter = bind(statement, 1, table, columns, after);
        bind(statement, parameter, table, present(columns, before), before);
        return execute(statement) > 0;
    }

    /** Deletes those rows with these keys in which that column is not null. */
    void deleteMarked(TableBinding table, int mark, List<Row> keys) throws SQLException {
        String match = table.key().stream().map(k -> assigned(table, k)).collect(Collectors.joining(" AND "));
        PreparedStatement statement = statements.prepared("DELETE FROM " + name(table) + " WHERE " + match + " AND "
                + dialect.quote(table, mark) + " IS NOT NULL");
        // Where a value was refused half-way, earlier rows still wait here.
        statement.clearBatch();
        for (Row key : keys) {
            bind(statement, 1, table, table.key(), key);
            statement.addBatch();
        }
        statement.executeBatch();
    }

    /** Sets that column to the stamp's value in all rows in which it is null. */
    void markAll(TableBinding table, int mark, Row stamp) throws SQLException {
        PreparedStatement statement = statements.prepared("UPDATE " + name(table) + " SET " + assigned(table, mark)
                + " WHERE " + dialect.quote(table, mark) + " IS NULL");
        bind(statement, 1, table, List.of(mark), stamp);
        execute(statement);
    }

    private static int execute(PreparedStatement statement) throws SQLException {
        RowByRowStatements.stopWhenInterrupted();
        int count = statement.executeUpdate();
        // A large value is not kept until the next row.
        statement.clearParameters();
        return count;
    }

    private String same(TableBinding table, List<Integer> columns, Row row) {
        return columns.stream()
                .map(c -> row.isNull(c)
                        ? dialect.quote(table, c) + " IS NULL"
                        : syntax.same(table, c, dialect.quote(table, c)))
                .collect(Collectors.joining(" AND "));
    }

    private static List<Integer> present(List<Integer> columns, Row row) {
        return columns.stream().filter(c -> !row.isNull(c)).toList();
    }

    private String assigned(TableBinding table, int column) {
        return dialect.quote(table, column) + " = " + syntax.parameter(table, column);
    }

    private int bind(PreparedStatement statement, int first, TableBinding table, List<Integer> columns, Row row)
            throws SQLException {
        int parameter = first;
        for (int column : columns) {
            syntax.bind(statement, parameter++, table, column, row);
        }
        return parameter;
    }

    private String name(TableBinding table) {
        return dialect.quote(table.table().name());
    }
}
