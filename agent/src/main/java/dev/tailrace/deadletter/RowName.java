package dev.tailrace.deadletter;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A row by its table and primary key, or all rows of a table.
 *
 * @param key the key's values as text, in key order, each behind its length; {@link #ALL} for all rows of the table
 */
record RowName(TableId table, String key) {
    /** A truncation touches all rows; a table without a key has no rows that could be told apart. */
    public static final String ALL = "*";

    /** The rows a change touches: two when it gives a row another key. */
    public static List<RowName> of(ChangeEvent event) {
        if (event.operation() == Operation.TRUNCATE || !event.schema().hasKey()) {
            return List.of(new RowName(event.table(), ALL));
        }
        List<RowName> names = new ArrayList<>(2);
        Row before = event.before();
        if (before != null && event.changesKey()) {
            names.add(of(event.table(), before));
        }
        names.add(of(event.table(), event.image()));
        return names;
    }

    private static RowName of(TableId table, Row row) {
        StringBuilder text = new StringBuilder();
        for (Object value : row.keyValues()) {
            String part = text(value);
            text.append(text.length() == 0 ? "" : ",")
                    .append(part.length())
                    .append(':')
                    .append(part);
        }
        return new RowName(table, text.toString());
    }

    /** Values that the source's key takes for equal have the same text, whatever the column's type was meanwhile. */
    private static String text(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] content = new byte[bytes.remaining()];
            bytes.duplicate().get(content);
            return HexFormat.of().formatHex(content);
        }
        if (value instanceof Double || value instanceof Float) {
            return Double.toString(((Number) value).doubleValue() + 0.0);
        }
        return value.toString();
    }

    public boolean isWholeTable() {
        return key.equals(ALL);
    }

    @Override
    public String toString() {
        return "row of " + table; // I7: a key is a row's value, and this may come into a log
    }
}
