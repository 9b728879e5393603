package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.Dialect.CreatedType;
import dev.tailrace.sink.jdbc.SourceNames;

/**
 * Chooses the type of a column that Tailrace creates in SQLite: by the affinity that keeps its values. A column declared
 * DECIMAL would turn 1.10 into the double 1.1, so decimals are text, whose digits the extension "decimal" computes with.
 */
final class SqliteTypes {
    /** Of these digits every number has 64 bits. */
    private static final int WHOLE_DIGITS = 18;

    private SqliteTypes() {}

    static CreatedType of(Column column) {
        String type = type(column);
        boolean same = column.valueType() == ValueType.BOOLEAN
                || !type.equals("text")
                || (column.valueType() == ValueType.TEXT && SourceNames.isText(column));
        return same ? CreatedType.same(type) : CreatedType.insteadOf(column.sourceType(), type);
    }

    private static String type(Column column) {
        return switch (column.valueType()) {
            case BOOLEAN -> "boolean";
            case INT16, INT32, INT64 -> "integer";
            case FLOAT32, FLOAT64 -> "real";
            case DECIMAL -> isWhole(column) ? "integer" : "text";
            case BYTES -> "blob";
            case TEXT, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, BITS, ARRAY -> "text";
        };
    }

    /** Whether all values are whole numbers of 64 bits; a NaN among them stays the text that it is. */
    static boolean isWhole(Column column) {
        return column.length() > 0 && column.length() <= WHOLE_DIGITS && column.scale() == 0;
    }
}
