package dev.tailrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies change lines to tables, strictly: an insert must be new, an update and a delete must hit one row. Confined to
 * one thread; the caller commits.
 */
final class Replay implements AutoCloseable {
    private static final int LISTED = 20;

    private final Connection connection;
    private final Map<String, Target> targets = new HashMap<>();
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    Replay(Connection connection) {
        this.connection = connection;
    }

    private record Target(Comparison.Table table, Map<String, String> types) {
        /** A placeholder that turns the archive's text into the column's type. */
        String value(String column) {
            String type = types.get(column);
            return "bytea".equals(type) ? "decode(?, 'base64')" : "CAST(? AS " + type + ")";
        }
    }

    List<String> wrong() {
        return wrong;
    }

    void apply(JsonNode line) throws SQLException {
        Target target = target(line.path("schema").asText(), line.path("table").asText());
        JsonNode after = line.path("after");
        JsonNode before = line.path("before");
        switch (line.path("op").asText()) {
            case "r", "c" -> insert(target, after, line);
            case "u" -> update(target, after, before, line);
            case "d" -> delete(target, before, line);
            case "t" -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("TRUNCATE " + target.table().quoted());
                }
            }
            default -> report(line, "an unknown operation");
        }
    }

    private void insert(Target target, JsonNode after, JsonNode line) throws SQLException {
        List<String> columns = names(after);
        String sql = "INSERT INTO " + target.table().quoted() + " ("
                + columns.stream().map(Comparison::quote).collect(Collectors.joining(", ")) + ") VALUES ("
                + columns.stream().map(target::value).collect(Collectors.joining(", ")) + ") ON CONFLICT DO NOTHING";
        expectOne(execute(sql, columns, after, List.of(), after), line, "inserts a key that was there");
    }

    private void update(Target target, JsonNode after, JsonNode before, JsonNode line) throws SQLException {
        List<String> columns = names(after);
        List<String> key = target.table().key();
        JsonNode old = key.stream().allMatch(before::has) ? before : after;
        String sql = "UPDATE " + target.table().quoted() + " SET "
                + columns.stream()
                        .map(column -> Comparison.quote(column) + " = " + target.value(column))
                        .collect(Collectors.joining(", "))
                + where(target);
        expectOne(execute(sql, columns, after, key, old), line, "updates a row that was not there");
    }

    private void delete(Target target, JsonNode before, JsonNode line) throws SQLException {
        String sql = "DELETE FROM " + target.table().quoted() + where(target);
        expectOne(
                execute(sql, List.of(), before, target.table().key(), before),
                line,
                "deletes a row that was not there");
    }

    private static String where(Target target) {
        return target.table().key().stream()
                .map(column -> Comparison.quote(column) + " = " + target.value(column))
                .collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    private int execute(String sql, List<String> columns, JsonNode values, List<String> key, JsonNode keyValues)
            throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        int index = 1;
        for (String column : columns) {
            statement.setString(index++, text(values.get(column)));
        }
        for (String column : key) {
            statement.setString(index++, text(keyValues.get(column)));
        }
        return statement.executeUpdate();
    }

    private void expectOne(int count, JsonNode line, String otherwise) {
        if (count != 1) {
            report(line, otherwise);
        }
    }

    private void report(JsonNode line, String what) {
        if (wrong.size() < LISTED) {
            wrong.add("archive: " + line.path("id").asText() + " of "
                    + line.path("table").asText() + " " + what);
        }
    }

    private static List<String> names(JsonNode row) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> fields = row.fieldNames(); fields.hasNext(); ) {
            names.add(fields.next());
        }
        return names;
    }

    /** A value as PostgreSQL reads it. */
    private static @Nullable String text(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        return value.isArray() ? array(value) : value.asText();
    }

    private static String array(JsonNode values) {
        StringBuilder text = new StringBuilder("{");
        for (JsonNode value : values) {
            if (text.length() > 1) {
                text.append(',');
            }
            if (value.isNull()) {
                text.append("NULL");
            } else if (value.isArray()) {
                text.append(array(value));
            } else {
                text.append('"')
                        .append(value.asText().replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        return text.append('}').toString();
    }

    private Target target(String schema, String table) throws SQLException {
        String name = schema + "\0" + table;
        Target known = targets.get(name);
        if (known != null) {
            return known;
        }
        for (Comparison.Table found : Comparison.tables(connection, schema)) {
            targets.put(schema + "\0" + found.name(), new Target(found, types(found)));
        }
        Target target = targets.get(name);
        if (target == null) {
            throw new SQLException("the archive names the table " + table + ", which the replay does not have");
        }
        return target;
    }

    private Map<String, String> types(Comparison.Table table) throws SQLException {
        Map<String, String> types = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT attname, format_type(atttypid, atttypmod)"
                + " FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped")) {
            query.setString(1, table.quoted());
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    types.put(result.getString(1), result.getString(2));
                }
            }
        }
        return types;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
    }
}
