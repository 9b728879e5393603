package dev.tailrace.capture.mysql;

import dev.tailrace.event.ValueType;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How a value travels inside the engine's records, from {@link MySqlValues} to the decoder, in one process and never
 * serialised. A date that no calendar has travels as a number that no date of the server can have, so that what becomes of
 * it is decided where table, column and key are known.
 */
final class MySqlCarried {
    private static final Integer IMPOSSIBLE_DAY = Integer.MIN_VALUE;
    private static final Integer IMPOSSIBLE_KEY_DAY = Integer.MIN_VALUE + 1;
    private static final Long IMPOSSIBLE_TIME = Long.MIN_VALUE;
    private static final Long IMPOSSIBLE_KEY_TIME = Long.MIN_VALUE + 1;

    private MySqlCarried() {}

    /** The Connect schema of values of that type. */
    static SchemaBuilder schema(ValueType type) {
        return switch (type) {
            case INT16 -> SchemaBuilder.int16();
            case INT32, DATE -> SchemaBuilder.int32();
            case INT64, TIME, TIMESTAMP, TIMESTAMPTZ -> SchemaBuilder.int64();
            case FLOAT32 -> SchemaBuilder.float32();
            case FLOAT64 -> SchemaBuilder.float64();
            case DECIMAL -> Decimal.builder(0);
            case BYTES -> SchemaBuilder.bytes();
            case TEXT, BITS -> SchemaBuilder.string();
            case BOOLEAN, ARRAY -> throw new IllegalArgumentException("MySQL has no " + type);
        };
    }

    /**
     * A date that no calendar has.
     *
     * @param type DATE, TIMESTAMP or TIMESTAMPTZ
     * @param key whether the column belongs to the table's key
     */
    static Object impossible(ValueType type, boolean key) {
        if (type == ValueType.DATE) {
            return key ? IMPOSSIBLE_KEY_DAY : IMPOSSIBLE_DAY;
        }
        return key ? IMPOSSIBLE_KEY_TIME : IMPOSSIBLE_TIME;
    }

    static boolean isImpossible(ValueType type, @Nullable Object travelled) {
        return travelled != null
                && isDated(type)
                && (travelled.equals(impossible(type, false)) || isImpossibleKey(type, travelled));
    }

    static boolean isImpossibleKey(ValueType type, @Nullable Object travelled) {
        return travelled != null && isDated(type) && travelled.equals(impossible(type, true));
    }

    private static boolean isDated(ValueType type) {
        return type == ValueType.DATE || type == ValueType.TIMESTAMP || type == ValueType.TIMESTAMPTZ;
    }
}
