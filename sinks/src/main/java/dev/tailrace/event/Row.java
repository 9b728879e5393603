package dev.tailrace.event;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row image: one value a column of its {@link TableSchema}, by position. A value is present (maybe null) or absent:
 * the source did not send it (an unchanged TOAST value, a before image that holds the key alone).
 *
 * <p>Values have the classes that {@link ValueType} names and are never modified. {@code toString} shows no value, so
 * that no log line can.
 */
public final class Row {
    /** Marks a value that the source did not send. Only {@link Row} compares against it. */
    private static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "absent";
        }
    };

    private final TableSchema schema;
    private final @Nullable Object[] values;

    private Row(TableSchema schema, @Nullable Object[] values) {
        if (values.length != schema.size()) {
            throw new IllegalArgumentException(
                    "a row of " + schema.table() + " has " + schema.size() + " columns, not " + values.length);
        }
        this.schema = schema;
        this.values = values;
    }

    /**
     * Wraps the array without a copy: the caller hands it over and never touches it again.
     *
     * @param values by column position; {@link #absent()} where the source sent none
     */
    public static Row of(TableSchema schema, @Nullable Object... values) {
        return new Row(schema, values);
    }

    /** The mark to put in the values of {@link #of} for a column that the source did not send. */
    public static Object absent() {
        return ABSENT;
    }

    public TableSchema schema() {
        return schema;
    }

    public boolean isAbsent(int index) {
        return values[index] == ABSENT;
    }

    /** Whether the value is present and null. */
    public boolean isNull(int index) {
        return values[index] == null;
    }

    /**
     * The present value.
     *
     * @throws IllegalStateException when it is absent: an absent value must never be taken for null (I7)
     */
    public @Nullable Object value(int index) {
        Object value = values[index];
        if (value == ABSENT) {
            throw new IllegalStateException(
                    "column " + schema.column(index).name() + " of " + schema.table() + " is absent in this row image");
        }
        return value;
    }

    public boolean hasAbsent() {
        for (Object value : values) {
            if (value == ABSENT) {
                return true;
            }
        }
        return false;
    }

    /** The key's values in key order, comparable by {@link List#equals} (byte arrays are wrapped). Empty without a key. */
    public List<Object> keyValues() {
        Object[] result = new Object[schema.key().size()];
        for (int i = 0; i < result.length; i++) {
            Object value = value(schema.key().get(i));
            if (value == null) {
                throw new IllegalStateException("key column "
                        + schema.column(schema.key().get(i)).name() + " of " + schema.table() + " is null");
            }
            result[i] = value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
        }
        return List.of(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Row that
                && schema.equals(that.schema)
                && Arrays.deepEquals(comparable(values), comparable(that.values));
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(comparable(values));
    }

    /** Lists as arrays: bytes inside of them then compare by content too. */
    private static @Nullable Object[] comparable(@Nullable Object[] values) {
        @Nullable Object[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            if (result[i] instanceof List<?> list) {
                result[i] = comparable(list.toArray());
            }
        }
        return result;
    }

    @Override
    public String toString() {
        return "row of " + schema.table();
    }
}
