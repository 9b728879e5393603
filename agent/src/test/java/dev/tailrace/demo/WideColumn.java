package dev.tailrace.demo;

import dev.tailrace.capture.mysql.ValueColumns;
import java.util.Arrays;
import java.util.List;

/**
 * A column of the wide table.
 *
 * @param type as its database declares it
 * @param values as SQL, the hardest that the type has; none for a generated column
 */
record WideColumn(String name, String type, WideForm form, List<String> values) {
    boolean isGenerated() {
        return values.isEmpty();
    }

    /** In the row of that number. */
    String value(int row) {
        return row < values.size() ? values.get(row) : type.contains("IDENTITY") ? "0" : "NULL";
    }

    /** One row for each value, and one of nulls. */
    static int rows(List<WideColumn> columns) {
        return 1
                + columns.stream()
                        .mapToInt(column -> column.values.size())
                        .max()
                        .orElseThrow();
    }

    /** The types of MySQL. */
    static List<WideColumn> ofMySql() {
        return Arrays.stream(ValueColumns.values())
                .map(column -> new WideColumn(
                        column.name(),
                        column.type,
                        switch (column.form) {
                            case NUMBER -> WideForm.NUMBER;
                            case DOUBLE -> WideForm.FLOATING;
                            case BITS -> WideForm.BITS;
                            case TEXT -> WideForm.TEXT;
                            case BYTES -> WideForm.BYTES;
                            case DATE, TIME, DATETIME, STAMP -> WideForm.TEMPORAL;
                            case JSON -> WideForm.JSON;
                        },
                        // PostgreSQL has a text without U+0000 only, and rejects it
                        column.values.stream()
                                .map(v -> v.replace("\\0", ""))
                                // MySQL has no number in JSON that no double holds, and its sink rejects it
                                .map(v -> v.replace("12345678901234567890123", "12345678901234567000"))
                                .toList()))
                .toList();
    }
}
