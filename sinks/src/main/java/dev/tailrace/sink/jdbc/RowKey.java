package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.math.BigDecimal;
import java.util.List;

/** The values of a row's key, for comparing rows. */
public final class RowKey {

    private RowKey() {}

    /** Equal where the target compares keys as equal: 1.0 and 1.00, 0.0 and -0.0. */
    public static List<Object> of(Row row) {
        List<Object> key = row.keyValues();
        for (Object value : key) {
            if (value instanceof BigDecimal || value instanceof Double || value instanceof Float) {
                return key.stream().map(RowKey::comparable).toList();
            }
        }
        return key;
    }

    /** What {@link #of} compares, for rows of one shape only: the value itself where the key is a single column. */
    static Object identity(Row row) {
        List<Integer> key = row.schema().key();
        if (key.size() == 1) {
            Object value = row.value(key.get(0));
            if (value != null && !(value instanceof byte[])) {
                return comparable(value);
            }
        }
        return of(row);
    }

    private static Object comparable(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.stripTrailingZeros();
        }
        if (value instanceof Double number) {
            return number + 0.0;
        }
        return value instanceof Float number ? (Object) (number + 0.0f) : value;
    }
}
