package dev.tailrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies change lines to tables, strictly: an insert must be new, an update and a delete must hit one row. Confined to
 * one thread; the caller commits.
 */
final class Replay implements AutoCloseable {
    private static final int LISTED = 20;

    private final Connection connection;
    private final ReplayTarget target;
    private final String schema;
    private final Map<String, ComparedTable> tables = new HashMap<>();
    private final Map<String, Map<String, String>> types = new HashMap<>();
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    /** @param schema whose lines are applied; the others are passed */
    Replay(Connection connection, ReplayTarget target, String schema) throws SQLException {
        this.connection = connection;
        this.target = target;
        this.schema = schema;
        for (ComparedTable table : target.tables()) {
            tables.put(table.name(), table);
            types.put(table.name(), target.types(table));
        }
    }

    /** A table with its columns' types. */
    private record Shape(ComparedTable table, Map<String, String> types, ReplayTarget target) {
        String quoted() {
            return target.quoted(table);
        }

        String type(String column) throws SQLException {
            String type = types.get(column);
            if (type == null) {
                throw new SQLException("the archive names a column that the replay's table " + table.name() + " lacks");
            }
            return type;
        }

        /** {@code column = value} for each, with a separator. */
        String assignments(List<String> columns, String separator) throws SQLException {
            StringJoiner text = new StringJoiner(separator);
            for (String column : columns) {
                text.add(ComparedTable.quote(column) + " = " + target.placeholder(type(column)));
            }
            return text.toString();
        }
    }

    List<String> wrong() {
        return wrong;
    }

    void apply(JsonNode line) throws SQLException {
        if (!line.path("schema").asText().equals(schema)) {
            return;
        }
        Shape shape = shape(line.path("table").asText());
        JsonNode after = line.path("after");
        JsonNode before = line.path("before");
        switch (line.path("op").asText()) {
            case "r", "c" -> insert(shape, after, line);
            case "u" -> update(shape, after, before, line);
            case "d" -> delete(shape, before, line);
            case "t" -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(target.emptying(shape.table()));
                }
            }
            default -> report(line, "an unknown operation");
        }
    }

    private void insert(Shape shape, JsonNode after, JsonNode line) throws SQLException {
        List<String> columns = names(after);
        StringJoiner values = new StringJoiner(", ");
        for (String column : columns) {
            values.add(target.placeholder(shape.type(column)));
        }
        String sql = "INSERT INTO " + shape.quoted() + " ("
                + columns.stream().map(ComparedTable::quote).collect(Collectors.joining(", ")) + ") VALUES (" + values
                + ")" + target.unlessPresent();
        expectOne(execute(shape, sql, columns, after, List.of(), after), line, "inserts a key that was there");
    }

    private void update(Shape shape, JsonNode after, JsonNode before, JsonNode line) throws SQLException {
        List<String> columns = names(after);
        List<String> key = shape.table().key();
        JsonNode old = key.stream().allMatch(before::has) ? before : after;
        String sql = "UPDATE " + shape.quoted() + " SET " + shape.assignments(columns, ", ") + " WHERE "
                + shape.assignments(key, " AND ");
        expectOne(execute(shape, sql, columns, after, key, old), line, "updates a row that was not there");
    }

    private void delete(Shape shape, JsonNode before, JsonNode line) throws SQLException {
        List<String> key = shape.table().key();
        String sql = "DELETE FROM " + shape.quoted() + " WHERE " + shape.assignments(key, " AND ");
        expectOne(execute(shape, sql, List.of(), before, key, before), line, "deletes a row that was not there");
    }

    private int execute(
            Shape shape, String sql, List<String> columns, JsonNode values, List<String> key, JsonNode keyValues)
            throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        int index = 1;
        for (String column : columns) {
            statement.setString(index++, text(shape, column, values));
        }
        for (String column : key) {
            statement.setString(index++, text(shape, column, keyValues));
        }
        try {
            return statement.executeUpdate();
        } catch (SQLIntegrityConstraintViolationException e) {
            return 0; // MySQL says of a key that is there
        }
    }

    private @Nullable String text(Shape shape, String column, JsonNode row) throws SQLException {
        JsonNode value = row.get(column);
        return value == null || value.isNull() ? null : target.text(shape.type(column), value);
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

    private Shape shape(String name) throws SQLException {
        ComparedTable table = tables.get(name);
        Map<String, String> columns = types.get(name);
        if (table == null || columns == null) {
            throw new SQLException("the archive names the table " + name + ", which the replay does not have");
        }
        return new Shape(table, columns, target);
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
    }
}
