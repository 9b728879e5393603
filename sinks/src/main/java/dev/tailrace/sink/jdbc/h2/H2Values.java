package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.ExactNumbers;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.ValueConversion;
import dev.tailrace.sink.jdbc.ValueText;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values as parameters for a column of H2. H2 refuses most of what does not fit; what it would round or pad without an
 * error is refused here (I7).
 */
final class H2Values {
    private static final Set<String> INTEGERS = Set.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT");
    private static final Set<ValueType> TIMES =
            EnumSet.of(ValueType.DATE, ValueType.TIME, ValueType.TIMESTAMP, ValueType.TIMESTAMPTZ);
    private static final Pattern SCALE = Pattern.compile("\\((?:\\d+, )?(\\d+)\\)");
    private static final Pattern SECONDS = Pattern.compile("(?:TIME|TIMESTAMP|SECOND)\\((\\d+)\\)");
    /** Of a time or an interval whose precision is not written. */
    private static final int DEFAULT_FRACTION = 6;

    /** Gives objects of the classes that H2's driver takes. */
    static final ValueConversion CONVERSION = H2Values::convert;

    private H2Values() {}

    private static Object convert(Object value, Column source, TargetColumn target, boolean key) {
        String type = target.type();
        if (INTEGERS.contains(type)) {
            return TIMES.contains(source.valueType()) ? unfit(source) : ExactNumbers.of(value, 0);
        }
        return switch (type) {
            case "NUMERIC" ->
                TIMES.contains(source.valueType()) ? unfit(source) : ExactNumbers.of(value, scale(target.declared()));
            case "REAL" -> single(value);
            case "DOUBLE PRECISION", "DECFLOAT" -> wide(value);
            case "BOOLEAN", "JSON", "ENUM", "GEOMETRY" ->
                value instanceof Boolean || value instanceof byte[] ? value : ValueText.ofColumn(value, source, key);
            case "UUID" -> UUID.fromString(value.toString());
            case "DATE", "TIME", "TIME WITH TIME ZONE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "INTERVAL" ->
                temporal(value, source, target);
            case "BINARY", "BINARY VARYING", "BINARY LARGE OBJECT" -> bytes(value, source, target);
            case "CHARACTER" -> padded(ValueText.ofColumn(value, source, key), target);
            case "ARRAY" ->
                value instanceof List<?> list && source.elementType() != null
                        ? array(list, source.elementType(), target.declared())
                        : unfit(source);
            default -> ValueText.ofColumn(value, source, key);
        };
    }

    private static Object unfit(Column source) {
        throw new IllegalArgumentException("a " + source.sourceType());
    }

    private static Object wide(Object value) {
        if (value instanceof Double || value instanceof Float) {
            ExactNumbers.requireSignless(((Number) value).doubleValue());
        }
        return value instanceof Number ? value : ExactNumbers.of(value);
    }

    private static Object single(Object value) {
        if (value instanceof Float) {
            return wide(value);
        }
        double number = ((Number) wide(value)).doubleValue();
        float single = (float) number;
        if (Double.compare(single, number) != 0) {
            throw new IllegalArgumentException("a number of more bits");
        }
        return single;
    }

    private static Object temporal(Object value, Column source, TargetColumn target) {
        if (!TIMES.contains(source.valueType())) {
            return value.toString();
        }
        long fraction = source.valueType() == ValueType.DATE ? 0 : Math.floorMod((Long) value, H2Times.MICROS);
        if (fraction % Math.round(Math.pow(10, Math.max(0, DEFAULT_FRACTION - digits(target)))) != 0) {
            throw new IllegalArgumentException("a fraction of a second with more digits");
        }
        return H2Times.of(value, source, target.type());
    }

    private static int digits(TargetColumn target) {
        Matcher precision = SECONDS.matcher(target.declared());
        if (precision.find()) {
            return Integer.parseInt(precision.group(1));
        }
        return target.type().equals("DATE")
                        || target.type().startsWith("TIME ")
                        || target.type().equals("TIME")
                ? 0
                : DEFAULT_FRACTION;
    }

    private static Object bytes(Object value, Column source, TargetColumn target) {
        byte[] bytes = value instanceof byte[] carried
                ? carried
                : ValueText.ofColumn(value, source, false).getBytes(StandardCharsets.UTF_8);
        // H2 fills a short value up with zeros.
        if (target.type().equals("BINARY") && bytes.length < scale(target.declared())) {
            throw new IllegalArgumentException("fewer bytes");
        }
        return bytes;
    }

    /** H2 fills a short text up with spaces, and drops those that are too many. */
    private static String padded(String text, TargetColumn target) {
        if (text.length() != Math.max(1, scale(target.declared()))) {
            throw new IllegalArgumentException("a text of another length");
        }
        return text;
    }

    private static int scale(String declared) {
        Matcher scale = SCALE.matcher(declared);
        return scale.find() ? Integer.parseInt(scale.group(1)) : 0;
    }

    private static Object[] array(List<?> list, ValueType element, String declared) {
        if (list instanceof BoundedArray) {
            throw new IllegalArgumentException("an array whose subscripts do not begin at 1");
        }
        boolean nested = declared.endsWith(" ARRAY ARRAY");
        Object[] values = new Object[list.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = list.get(i);
            if (value instanceof List<?> inner) {
                if (!nested) {
                    throw new IllegalArgumentException("an array of several dimensions");
                }
                values[i] = array(inner, element, declared.substring(0, declared.length() - " ARRAY".length()));
            } else {
                values[i] = value == null ? null : element(value, element, declared);
            }
        }
        return values;
    }

    private static Object element(Object value, ValueType element, String declared) {
        if (TIMES.contains(element) && !declared.startsWith("CHARACTER")) {
            Column column = Column.of("element", "array element", element, true);
            return H2Times.of(value, column, declared.replaceAll(" ARRAY|\\(\\d+\\)", ""));
        }
        if (value instanceof Double || value instanceof Float) {
            ExactNumbers.requireSignless(((Number) value).doubleValue());
        }
        boolean asIs = value instanceof byte[]
                || value instanceof Boolean
                || (value instanceof Number && !(value instanceof BigDecimal) && element != ValueType.DECIMAL);
        return asIs && !TIMES.contains(element) ? value : plain(value, element);
    }

    private static String plain(Object value, ValueType type) {
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : ValueText.of(value, type, null);
    }

    static void bind(PreparedStatement statement, int parameter, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(parameter, Types.NULL);
        } else if (value instanceof String text && text.length() > H2Types.VARYING) {
            // A text in memory has the limit of a VARCHAR.
            statement.setCharacterStream(parameter, new StringReader(text), text.length());
        } else if (value instanceof byte[] bytes && bytes.length > H2Types.VARYING) {
            statement.setBinaryStream(parameter, new ByteArrayInputStream(bytes), bytes.length);
        } else {
            statement.setObject(parameter, value);
        }
    }
}
