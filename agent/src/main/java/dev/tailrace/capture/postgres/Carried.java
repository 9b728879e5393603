package dev.tailrace.capture.postgres;

import dev.tailrace.event.Row;
import java.math.BigDecimal;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How a value travels inside the engine's records, from {@link RawValues} to {@link RowDecoder}, in one process and never
 * serialised.
 *
 * <p>What a Connect schema cannot say (a value that was not sent, a NaN) is one particular object, known by identity: no
 * value of a source can be taken for it, whatever its content (I7).
 */
@SuppressWarnings("ReferenceEquality") // identity is the point
final class Carried {
    static final String ABSENT_TEXT = new String(new char[] {'a', 'b', 's', 'e', 'n', 't'});
    static final byte[] ABSENT_BYTES = new byte[0];
    static final BigDecimal ABSENT_DECIMAL = new BigDecimal("-1");
    static final BigDecimal NAN = new BigDecimal("-2");
    static final BigDecimal INFINITY = new BigDecimal("-3");
    static final BigDecimal MINUS_INFINITY = new BigDecimal("-4");

    private Carried() {}

    /** The Connect schema of values of that type. */
    static SchemaBuilder schema(PgType type) {
        return switch (type.valueType()) {
            case BOOLEAN -> SchemaBuilder.bool();
            case INT16 -> SchemaBuilder.int16();
            case INT32, DATE -> SchemaBuilder.int32();
            case INT64, TIME, TIMESTAMP, TIMESTAMPTZ -> SchemaBuilder.int64();
            case FLOAT32 -> SchemaBuilder.float32();
            case FLOAT64 -> SchemaBuilder.float64();
            case DECIMAL -> Decimal.builder(0);
            case BYTES -> SchemaBuilder.bytes();
            case TEXT, BITS, ARRAY -> SchemaBuilder.string();
        };
    }

    /** @throws IllegalStateException for a type whose values the source always sends */
    static Object absent(PgType type) {
        return switch (type.valueType()) {
            case TEXT, BITS, ARRAY -> ABSENT_TEXT;
            case BYTES -> ABSENT_BYTES;
            case DECIMAL -> ABSENT_DECIMAL;
            default ->
                throw new IllegalStateException(
                        "the source left out a value of type " + type.name() + ", which is never stored out of line");
        };
    }

    /** A decimal as it travels: the three that are no {@link BigDecimal} become marks. */
    static BigDecimal decimal(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        double special = (Double) value;
        return Double.isNaN(special) ? NAN : special > 0 ? INFINITY : MINUS_INFINITY;
    }

    /** The value of a row image from what travelled. */
    static @Nullable Object received(PgType type, @Nullable Object travelled) {
        if (travelled == null) {
            return null;
        }
        return switch (type.valueType()) {
            case TEXT, BITS -> travelled == ABSENT_TEXT ? Row.absent() : travelled;
            case ARRAY -> travelled == ABSENT_TEXT ? Row.absent() : PgText.array(type, (String) travelled);
            case BYTES -> travelled == ABSENT_BYTES ? Row.absent() : travelled;
            case DECIMAL -> receivedDecimal(travelled);
            default -> travelled;
        };
    }

    private static Object receivedDecimal(Object travelled) {
        if (travelled == ABSENT_DECIMAL) {
            return Row.absent();
        }
        if (travelled == NAN) {
            return Double.NaN;
        }
        if (travelled == INFINITY) {
            return Double.POSITIVE_INFINITY;
        }
        return travelled == MINUS_INFINITY ? Double.NEGATIVE_INFINITY : travelled;
    }
}
