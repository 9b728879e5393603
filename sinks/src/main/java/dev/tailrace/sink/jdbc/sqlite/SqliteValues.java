package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.ArrayJson;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.ValueException;
import dev.tailrace.sink.jdbc.ValueText;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values as parameters for a column of SQLite. SQLite never refuses a value for its type: it stores what the affinity of
 * the column makes of it. What would come out as another value is refused here (I7).
 *
 * <p>NaN is the text {@code NaN}, because SQLite stores a NaN as null. The sign of a zero is lost.
 */
final class SqliteValues {
    /** What a numeric affinity turns into a number. */
    private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?\\s*");

    /** Beyond it a double leaves whole numbers out. */
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    private SqliteValues() {}

    /**
     * The value to bind: null, a String, a Long, a Double, or bytes.
     *
     * @throws ValueException when the column would hold something else
     */
    static @Nullable Object of(TableBinding table, int position, Row row) throws ValueException {
        Object value = row.value(position);
        if (value == null) {
            return null;
        }
        Column source = table.schema().column(position);
        Affinity affinity = Affinity.valueOf(table.column(position).type().toUpperCase(java.util.Locale.ROOT));
        try {
            return of(value, source, affinity, table.schema().isKey(position));
        } catch (IllegalArgumentException e) {
            throw new ValueException("column " + source.name() + " of "
                    + table.schema().table() + " holds " + e.getMessage() + ", which " + affinity.word() + " of "
                    + table.table().name() + " would not keep as it is");
        }
    }

    /** For a DEFAULT clause. */
    static String literal(Column source, String declared, Object value) throws ValueException {
        try {
            Object bound = of(value, source, Affinity.of(declared), false);
            if (bound instanceof byte[] bytes) {
                return "x'" + HexFormat.of().formatHex(bytes) + "'";
            }
            if (bound instanceof Double number) {
                return Double.isInfinite(number) ? (number > 0 ? "9e999" : "-9e999") : number.toString();
            }
            String text = bound.toString();
            return bound instanceof Long ? text : "'" + text.replace("'", "''") + "'";
        } catch (IllegalArgumentException e) {
            throw new ValueException("column " + source.name() + " holds " + e.getMessage() + ", which " + declared
                    + " would not keep as it is");
        }
    }

    private static Object of(Object value, Column source, Affinity affinity, boolean key) {
        if (value instanceof byte[]) {
            return value;
        }
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
        return Double.isNaN(number) ? "NaN" : (Object) number;
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
        ValueType element = source.elementType();
        if (value instanceof List<?> list && element != null) {
            return ArrayJson.of(list, element);
        }
        if (value instanceof BigDecimal decimal) {
            // A key is one row however many zeros it is written with.
            return (key && decimal.signum() != 0 ? decimal.stripTrailingZeros() : decimal).toPlainString();
        }
        String text = ValueText.of(value, source.valueType(), element);
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
