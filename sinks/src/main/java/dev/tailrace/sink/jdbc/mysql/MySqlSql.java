package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.TargetTable;
import java.util.List;
import java.util.stream.Collectors;

/** The texts of the row statements of MySQL and MariaDB, with one parameter a value. */
final class MySqlSql {
    private final Dialect dialect;
    private final MySqlFlavor flavor;

    MySqlSql(Dialect dialect, MySqlFlavor flavor) {
        this.dialect = dialect;
        this.flavor = flavor;
    }

    /** Many rows; one whose key is there is an error. */
    String insert(TableBinding table, List<Integer> columns, int rows) {
        String row = parameters(columns.size());
        return "INSERT INTO " + name(table) + " (" + dialect.quote(table, columns) + ") VALUES " + repeated(row, rows);
    }

    /**
     * Many rows; for a table whose only unique key is the source's. With another one this would change the row that has
     * one of the values, whatever its key.
     */
    String upsert(TableBinding table, List<Integer> columns, int rows) {
        List<Integer> set =
                columns.stream().filter(c -> !table.schema().isKey(c)).toList();
        if (set.isEmpty()) {
            return insertNew(table, columns, rows);
        }
        return insert(table, columns, rows) + flavor.rowAlias() + " ON DUPLICATE KEY UPDATE "
                + set.stream()
                        .map(c -> dialect.quote(table, c) + " = " + flavor.inserted(dialect.quote(table, c)))
                        .collect(Collectors.joining(", "));
    }

    /** Many rows, those left out whose key is there; for the same tables as {@link #upsert}. */
    String insertNew(TableBinding table, List<Integer> columns, int rows) {
        if (table.key().isEmpty()) {
            return insert(table, columns, rows);
        }
        String key = dialect.quote(table, table.key().get(0));
        return insert(table, columns, rows) + " ON DUPLICATE KEY UPDATE " + key + " = " + key;
    }

    /** One row, unless its key is there: the row's values, then its key's. Any other unique key is an error. */
    String insertUnlessThere(TableBinding table, List<Integer> columns) {
        String values = columns.stream().map(c -> "?").collect(Collectors.joining(", "));
        return "INSERT INTO " + name(table) + " (" + dialect.quote(table, columns) + ") SELECT " + values
                + " FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM " + name(table) + " WHERE " + equal(table, table.key())
                + ")";
    }

    /** One row: the values to set, then the key to find it by. */
    String update(TableBinding table, List<Integer> set) {
        return "UPDATE " + name(table) + " SET "
                + set.stream().map(c -> dialect.quote(table, c) + " = ?").collect(Collectors.joining(", ")) + " WHERE "
                + equal(table, table.key());
    }

    /** Many keys. Both servers turn the list into ranges of the key's index. */
    String delete(TableBinding table, int rows) {
        List<Integer> key = table.key();
        String left = key.size() == 1 ? dialect.quote(table, key) : "(" + dialect.quote(table, key) + ")";
        String right = key.size() == 1 ? "?" : parameters(key.size());
        return "DELETE FROM " + name(table) + " WHERE " + left + " IN (" + repeated(right, rows) + ")";
    }

    String deleteAll(TargetTable table) {
        return "DELETE FROM " + dialect.quote(table.name());
    }

    private static String repeated(String text, int times) {
        return (text + ",").repeat(times - 1) + text;
    }

    private static String parameters(int count) {
        return "(" + repeated("?", count) + ")";
    }

    private String equal(TableBinding table, List<Integer> columns) {
        return columns.stream().map(c -> dialect.quote(table, c) + " = ?").collect(Collectors.joining(" AND "));
    }

    private String name(TableBinding table) {
        return dialect.quote(table.table().name());
    }
}
