package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.ExactNumbers;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.ValueConversion;
import dev.tailrace.sink.jdbc.ValueException;
import dev.tailrace.sink.jdbc.ValueText;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values as parameters for a column of SQLite. SQLite never refuses a value for its type: it stores what the affinity of
 * the column makes of it. What would come out as another value is refused here (I7).
 *
 * <p>NaN is the text {@code NaN}, because SQLite stores a NaN as null.
 */
final class SqliteValues {
    /** What a numeric affinity turns into a number. */
    private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?\\s*");

    /** Beyond it a double leaves whole numbers out. */
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    /** Gives a String, a Long, a Double, or bytes. */
    static final ValueConversion CONVERSION = SqliteValues::convert;

    private SqliteValues() {}

    /** For a DEFAULT clause. */
    static String literal(Column source, String declared, Object value) throws ValueException {
        String affinity = Affinity.of(declared).word();
        Object bound = CONVERSION.of(source, TargetColumn.ofType(source.name(), affinity, declared), value);
        if (bound instanceof byte[] bytes) {
            return "x'" + HexFormat.of().formatHex(bytes) + "'";
        }
        if (bound instanceof Double number) {
            return Double.isInfinite(number) ? (number > 0 ? "9e999" : "-9e999") : number.toString();
        }
        String text = bound.toString();
        return bound instanceof Long ? text : "'" + text.replace("'", "''") + "'";
    }

    private static Object convert(Object value, Column source, TargetColumn target, boolean key) {
        if (value instanceof byte[]) {
            return value;
        }
        Affinity affinity = Affinity.of(target);
        if (affinity == Affinity.TEXT) {
            return text(value, source, key);
        }
        return switch (source.valueType()) {
            case BOOLEAN -> (Boolean) value ? 1L : 0L;
            case INT16, INT32, INT64 -> whole(((Number) value).longValue(), affinity);
            case FLOAT32, FLOAT64 -> floating(((Number) value).doubleValue());
            case DECIMAL -> decimal(value, source, affinity, key);
            default -> kept(text(value, source, key), affinity);
        };
    }

    private static Long whole(long number, Affinity affinity) {
        if (affinity == Affinity.REAL && Math.abs(number) > EXACT_IN_DOUBLE) {
            throw new IllegalArgumentException("a whole number beyond 53 bits");
        }
        return number;
    }

    private static Object floating(double number) {
        return Double.isNaN(number) ? "NaN" : (Object) ExactNumbers.signless(number);
    }

    private static Object decimal(Object value, Column source, Affinity affinity, boolean key) {
        if (!affinity.isNumeric() || !(value instanceof BigDecimal decimal)) {
            return text(value, source, key);
        }
        try {
            return whole(decimal.longValueExact(), affinity);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a decimal that is no whole number of 64 bits", e);
        }
    }

    /** 007 would become 7. */
    private static String kept(String text, Affinity affinity) {
        if (affinity.isNumeric() && NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("a text that looks like a number");
        }
        return text;
    }

    private static String text(Object value, Column source, boolean key) {
        String text = ValueText.ofColumn(value, source, key);
        // What SQLite's own functions read: a zone has minutes.
        return source.valueType() == ValueType.TIMESTAMPTZ ? text.replaceFirst("\\+00(?= BC$|$)", "+00:00") : text;
    }

    static void bind(PreparedStatement statement, int parameter, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(parameter, Types.NULL);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(parameter, bytes);
        } else if (value instanceof Long number) {
            statement.setLong(parameter, number);
        } else if (value instanceof Double number) {
            statement.setDouble(parameter, number);
        } else {
            statement.setString(parameter, value.toString());
        }
    }
}
