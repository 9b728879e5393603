package dev.tailrace.demo;

import dev.tailrace.demo.TypesTarget.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table with a column of every type, in groups of rows with the same values that come to the target on different ways.
 * A row's id is its group's thousand and its number. One thread.
 */
final class WideTable {
    private static final int GROUP = 1_000;
    private static final int READ = GROUP;
    private static final int INSERTED = 2 * GROUP;
    private static final int UPDATED = 3 * GROUP;
    private static final int MISSED = 4 * GROUP;
    private static final int MOVED = 5 * GROUP;
    private static final int MOVED_LATER = 6 * GROUP;
    private static final int DELETED = 7 * GROUP;
    private static final int ELSEWHERE = 10 * GROUP;
    private static final List<Integer> KEPT = List.of(READ, INSERTED, UPDATED, MISSED, MOVED, MOVED_LATER);

    private final String name;
    private final List<WideColumn> columns;
    private final int rows;

    WideTable(String name, List<WideColumn> columns) {
        this.name = name;
        this.columns = columns;
        this.rows = WideColumn.rows(columns);
    }

    /** The statement that creates it, without options. */
    String create() {
        return columns.stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", ", "CREATE TABLE " + name + " (id int PRIMARY KEY, ", ")"));
    }

    /** What the snapshot finds. */
    void fill(Statement source) throws SQLException {
        for (int row = 0; row < rows; row++) {
            insert(source, READ + row, row);
            insert(source, UPDATED + row, rows - 1);
            insert(source, ELSEWHERE + MOVED + row, row);
            insert(source, DELETED + row, row);
        }
    }

    /** What follows in the log. */
    void change(Statement source) throws SQLException {
        for (int row = 0; row < rows; row++) {
            insert(source, INSERTED + row, row);
            update(source, UPDATED + row, row);
            move(source, MOVED + row);
            source.execute("DELETE FROM " + name + " WHERE id = " + (DELETED + row));
        }
    }

    /** What nobody follows at first. */
    void changeUnseen(Statement source) throws SQLException {
        for (int row = 0; row < rows; row++) {
            insert(source, MISSED + row, row);
            insert(source, ELSEWHERE + MOVED_LATER + row, row);
            insert(source, ELSEWHERE + DELETED + row, row);
        }
    }

    void changeLater(Statement source) throws SQLException {
        for (int row = 0; row < rows; row++) {
            move(source, MOVED_LATER + row);
            source.execute("DELETE FROM " + name + " WHERE id = " + (ELSEWHERE + DELETED + row));
        }
    }

    private void insert(Statement source, int id, int row) throws SQLException {
        List<WideColumn> written = written();
        source.execute(written.stream()
                        .map(WideColumn::name)
                        .collect(Collectors.joining(", ", "INSERT INTO " + name + " (id, ", ") VALUES (" + id + ", "))
                + written.stream().map(column -> column.value(row)).collect(Collectors.joining(", ")) + ")");
    }

    private void update(Statement source, int id, int row) throws SQLException {
        source.execute(written().stream()
                .map(column -> column.name() + " = " + column.value(row))
                .collect(Collectors.joining(", ", "UPDATE " + name + " SET ", " WHERE id = " + id)));
    }

    private void move(Statement source, int to) throws SQLException {
        source.execute("UPDATE " + name + " SET id = " + to + " WHERE id = " + (ELSEWHERE + to));
    }

    private List<WideColumn> written() {
        return columns.stream().filter(column -> !column.isGenerated()).toList();
    }

    String name() {
        return name;
    }

    /** Every row's values at that target by id, in their canonical forms. */
    Map<Integer, List<@Nullable String>> read(TypesTarget target, Kind source) throws SQLException {
        try (Connection connection = target.connect()) {
            return read(connection, name, target.reading(source));
        }
    }

    /** The same of a table of any database. */
    Map<Integer, List<@Nullable String>> read(Connection connection, String table, TypesReading reading)
            throws SQLException {
        Map<Integer, List<@Nullable String>> found = new TreeMap<>();
        String expressions = columns.stream()
                .map(column -> reading.expression(column.form(), column.name()))
                .collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT id, " + expressions + " FROM " + table)) {
            while (result.next()) {
                List<@Nullable String> values = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    values.add(reading.canonical(columns.get(i).form(), result, i + 2));
                }
                found.put(result.getInt(1), values);
            }
        }
        return found;
    }

    /** What the target has otherwise than the source, and otherwise in one group of rows than in the first. */
    List<String> differences(Map<Integer, List<@Nullable String>> source, Map<Integer, List<@Nullable String>> target) {
        List<String> found = new ArrayList<>();
        if (source.size() != KEPT.size() * rows) {
            found.add("the source has " + source.size() + " rows");
        }
        if (!source.keySet().equals(target.keySet())) {
            found.add("rows " + target.keySet() + " instead of " + source.keySet());
            return found;
        }
        source.forEach((id, values) -> compare("row " + id, values, target.get(id), found));
        for (int group : KEPT.subList(1, KEPT.size())) {
            for (int row = 0; row < rows; row++) {
                compare(
                        "rows " + (READ + row) + " and " + (group + row),
                        target.get(READ + row),
                        target.get(group + row),
                        found);
            }
        }
        return found;
    }

    private void compare(
            String rows, List<@Nullable String> expected, List<@Nullable String> actual, List<String> found) {
        for (int i = 0; i < columns.size(); i++) {
            if (!java.util.Objects.equals(expected.get(i), actual.get(i))) {
                found.add(rows + ", " + columns.get(i).name() + " "
                        + columns.get(i).type() + ": " + cut(actual.get(i)) + " instead of " + cut(expected.get(i)));
            }
        }
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() < 200 ? text : text.substring(0, 200) + "...";
    }
}
