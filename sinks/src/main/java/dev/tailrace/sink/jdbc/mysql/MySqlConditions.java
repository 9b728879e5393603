package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.ConditionStatements;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** One row at a time; texts compare character by character, whatever the column's collation. */
final class MySqlConditions implements ConditionStatements {
    private final Dialect dialect;
    private final Connection connection;
    private final MySqlFlavor flavor;

    MySqlConditions(Dialect dialect, Connection connection, MySqlFlavor flavor) {
        this.dialect = dialect;
        this.connection = connection;
        this.flavor = flavor;
    }

    @Override
    public boolean deleteOne(TableBinding table, List<Integer> columns, Row row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM " + name(table) + " WHERE " + equal(table, columns, row) + " LIMIT 1")) {
            bind(statement, 1, table, columns, row, false);
            return statement.executeUpdate() > 0;
        }
    }

    @Override
    public boolean updateOne(TableBinding table, List<Integer> columns, Row before, Row after) throws SQLException {
        String set = columns.stream().map(c -> column(table, c) + " = ?").collect(Collectors.joining(", "));
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE " + name(table) + " SET " + set + " WHERE " + equal(table, columns, before) + " LIMIT 1")) {
            int parameter = bind(statement, 1, table, columns, after, true);
            bind(statement, parameter, table, columns, before, false);
            return statement.executeUpdate() > 0;
        }
    }

    private String equal(TableBinding table, List<Integer> columns, Row row) {
        return columns.stream()
                .map(c -> column(table, c) + (row.isNull(c) ? " IS NULL" : " = " + parameter(table, c)))
                .collect(Collectors.joining(" AND "));
    }

    /** With what the server would otherwise take for another type, or compare more loosely. */
    private String parameter(TableBinding table, int column) {
        return switch (table.column(column).type()) {
            case "json" -> "CAST(? AS JSON)";
            case "float" -> "CAST(? AS FLOAT)";
            // What is stored there has no spaces at its end, whatever was given.
            case "char" -> "? COLLATE utf8mb4_bin";
            case "varchar", "tinytext", "text", "mediumtext", "longtext" -> "? COLLATE " + flavor.exactCollation();
            default -> "?";
        };
    }

    @Override
    public void deleteMarked(TableBinding table, int mark, List<Row> keys) throws SQLException {
        String match = table.key().stream().map(k -> column(table, k) + " = ?").collect(Collectors.joining(" AND "));
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM " + name(table) + " WHERE " + match + " AND " + column(table, mark) + " IS NOT NULL")) {
            for (Row key : keys) {
                bind(statement, 1, table, table.key(), key, true);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    @Override
    public void markAll(TableBinding table, int mark, Row stamp) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + name(table) + " SET "
                + column(table, mark) + " = ? WHERE " + column(table, mark) + " IS NULL")) {
            bind(statement, 1, table, List.of(mark), stamp, true);
            statement.executeUpdate();
        }
    }

    private static int bind(
            PreparedStatement statement, int first, TableBinding table, List<Integer> columns, Row row, boolean nulls)
            throws SQLException {
        int parameter = first;
        for (int column : columns) {
            if (nulls || !row.isNull(column)) {
                MySqlValues.bind(statement, parameter++, MySqlValues.of(table, column, row));
            }
        }
        return parameter;
    }

    private String name(TableBinding table) {
        return dialect.quote(table.table().name());
    }

    private String column(TableBinding table, int column) {
        return dialect.quote(table.column(column).name());
    }
}
