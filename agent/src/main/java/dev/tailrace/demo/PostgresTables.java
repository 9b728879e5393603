package dev.tailrace.demo;

import static dev.tailrace.demo.ComparedTable.quote;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tables of a PostgreSQL schema. The connection is the caller's and is left in auto-commit. */
final class PostgresTables implements TableReader {
    private static final int FETCH = 100;

    private final Connection connection;
    private final String schema;

    PostgresTables(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    @Override
    public String kind() {
        return "PostgreSQL";
    }

    @Override
    public List<ComparedTable> tables() throws SQLException {
        List<ComparedTable> tables = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT c.relname,"
                + " (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a"
                + "   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),"
                + " (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)"
                + "   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum)"
                + " FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
                + " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = to_regnamespace(?) ORDER BY c.relname")) {
            query.setString(1, quote(schema));
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    List<ComparedTable.Column> columns = new ArrayList<>();
                    for (String column : (String[]) result.getArray(2).getArray()) {
                        columns.add(new ComparedTable.Column(column, CanonicalValue.TEXT));
                    }
                    tables.add(new ComparedTable(result.getString(1), columns, List.of((String[])
                            result.getArray(3).getArray())));
                }
            }
        }
        return tables;
    }

    @Override
    public boolean exists(ComparedTable table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            query.setString(1, quote(schema) + "." + table.quoted());
            try (ResultSet result = query.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    @Override
    public KeyedRows rows(ComparedTable table, boolean byValue) throws SQLException {
        String keys = table.key().stream()
                .map(column -> quote(column) + "::text COLLATE \"C\"")
                .collect(Collectors.joining(", "));
        String columns = table.columns().stream()
                .map(column -> quote(column.name()) + "::text")
                .collect(Collectors.joining(", "));
        connection.setAutoCommit(false); // else the driver reads the whole result at once
        Statement statement = connection.createStatement();
        // One session's settings for both sides, so that equal values have equal texts.
        statement.execute(
                "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY';"
                        + " SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'");
        statement.setFetchSize(FETCH);
        String select = "SELECT " + keys + ", " + columns + " FROM " + quote(schema) + "." + table.quoted()
                + " ORDER BY " + keys;
        return new KeyedRows(statement, select, table, Set.of(), byValue, () -> {
            connection.rollback();
            connection.setAutoCommit(true);
        });
    }
}
