package dev.tailrace.demo;

import static dev.tailrace.demo.ComparedTable.quote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tables of a MySQL database. The connection is the caller's, in UTC, and takes double quotes for names. */
final class MySqlTables implements TableReader {
    private final Connection connection;
    private final String database;

    MySqlTables(Connection connection, String database) {
        this.connection = connection;
        this.database = database;
    }

    @Override
    public String kind() {
        return "MySQL";
    }

    @Override
    public List<ComparedTable> tables() throws SQLException {
        Map<String, List<ComparedTable.Column>> columns = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS"
                        + " WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION")) {
            query.setString(1, database);
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    columns.computeIfAbsent(result.getString(1), name -> new ArrayList<>())
                            .add(new ComparedTable.Column(result.getString(2), form(result.getString(3))));
                }
            }
        }
        Map<String, List<String>> keys = new java.util.TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE"
                        + " WHERE TABLE_SCHEMA = ? AND CONSTRAINT_NAME = 'PRIMARY' ORDER BY TABLE_NAME, ORDINAL_POSITION")) {
            query.setString(1, database);
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    keys.computeIfAbsent(result.getString(1), name -> new ArrayList<>())
                            .add(result.getString(2));
                }
            }
        }
        List<ComparedTable> tables = new ArrayList<>();
        keys.forEach((name, key) -> tables.add(new ComparedTable(name, columns.getOrDefault(name, List.of()), key)));
        return tables;
    }

    private static CanonicalValue form(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year" -> CanonicalValue.NUMBER;
            case "float" -> CanonicalValue.FLOAT;
            case "double" -> CanonicalValue.DOUBLE;
            case "date", "time", "datetime", "timestamp" -> CanonicalValue.TEMPORAL;
            case "bit" -> CanonicalValue.BITS;
            case "json" -> CanonicalValue.JSON;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> CanonicalValue.BYTES;
            default -> CanonicalValue.TEXT;
        };
    }

    @Override
    public boolean exists(ComparedTable table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
            query.setString(1, database);
            query.setString(2, table.name());
            try (ResultSet result = query.executeQuery()) {
                return result.next();
            }
        }
    }

    @Override
    public KeyedRows rows(ComparedTable table, boolean byValue) throws SQLException {
        List<String> keys = table.key().stream().map(MySqlTables::characters).toList();
        Set<String> raw = table.columns().stream()
                .filter(column -> column.form() == CanonicalValue.BYTES)
                .map(ComparedTable.Column::name)
                .collect(Collectors.toSet());
        String select = "SELECT " + String.join(", ", keys) + ", "
                + table.columns().stream().map(MySqlTables::expression).collect(Collectors.joining(", "))
                + " FROM " + quote(database) + "." + table.quoted() + " ORDER BY "
                + keys.stream().map(key -> "CAST(" + key + " AS BINARY)").collect(Collectors.joining(", "));
        Statement statement = connection.createStatement();
        statement.setFetchSize(Integer.MIN_VALUE); // else the driver reads the whole result at once
        return new KeyedRows(statement, select, table, raw, byValue, () -> {});
    }

    private static String characters(String column) {
        return "CAST(" + quote(column) + " AS CHAR CHARACTER SET utf8mb4)";
    }

    private static String expression(ComparedTable.Column column) {
        return switch (column.form()) {
            case BYTES, JSON -> quote(column.name());
            // a FLOAT's own text has six digits
            case FLOAT -> "CAST(" + quote(column.name()) + " AS DOUBLE)";
            case BITS -> "BIN(" + quote(column.name()) + ")";
            default -> characters(column.name());
        };
    }
}
