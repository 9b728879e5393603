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
    private static final Set<String> NUMBERS =
            Set.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "NUMERIC", "REAL", "DOUBLE PRECISION", "DECFLOAT");
    private static final Set<ValueType> TIMES =
            EnumSet.of(ValueType.DATE, ValueType.TIME, ValueType.TIMESTAMP, ValueType.TIMESTAMPTZ);
    private static final Pattern LENGTH = Pattern.compile("\\((\\d+)\\)");
    /** Without one it is 0. */
    private static final Pattern SCALE = Pattern.compile(", (\\d+)\\)");

    private static final Pattern SECONDS = Pattern.compile("(?:TIME|TIMESTAMP|SECOND)\\((\\d+)\\)");
    private static final Pattern FRACTION = Pattern.compile("\\.(\\d*?)0*(?:\\D|$)");
    private static final String LONG_FRACTION = "a fraction of a second with more digits";
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern TRUTH = Pattern.compile("[01]|\\D*");
    /** Of a time or an interval whose precision is not written. */
    private static final int DEFAULT_FRACTION = 6;

    /** Gives objects of the classes that H2's driver takes. */
    static final ValueConversion CONVERSION = H2Values::convert;

    private H2Values() {}

    private static Object convert(Object value, Column source, TargetColumn target, boolean key) {
        String type = target.type();
        if (NUMBERS.contains(type) && TIMES.contains(source.valueType())) {
            return unfit(source);
        }
        return switch (type) {
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> ExactNumbers.of(value, 0);
            case "NUMERIC" -> ExactNumbers.of(value, number(SCALE, target.declared()));
            case "REAL" -> (float) ExactNumbers.signless(ExactNumbers.single(value));
            case "DOUBLE PRECISION" -> ExactNumbers.signless(ExactNumbers.floating(value));
            case "DECFLOAT" -> digits(value, number(LENGTH, target.declared()));
            case "BOOLEAN" -> value instanceof Boolean ? value : truth(ValueText.ofColumn(value, source, key));
            case "JSON", "GEOMETRY" -> value instanceof byte[] ? value : ValueText.ofColumn(value, source, key);
            case "ENUM" -> member(ValueText.ofColumn(value, source, key), target.declared());
            case "UUID" -> uuid(value.toString());
            case "DATE", "TIME", "TIME WITH TIME ZONE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "INTERVAL" ->
                temporal(value, source, target);
            case "BINARY", "BINARY VARYING", "BINARY LARGE OBJECT" -> bytes(value, source, target);
            case "CHARACTER" -> padded(ValueText.ofColumn(value, source, key), target);
            case "ARRAY" ->
                value instanceof List<?> list && source.elementType() != null
                        ? array(list, source, source.elementType(), target.declared())
                        : unfit(source);
            default -> ValueText.ofColumn(value, source, key);
        };
    }

    private static Object unfit(Column source) {
        throw new IllegalArgumentException("a " + source.sourceType());
    }

    /** @param most 0 for as many as there are */
    private static Object digits(Object value, int most) {
        if (value instanceof Double || value instanceof Float) {
            return ExactNumbers.signless(((Number) value).doubleValue());
        }
        BigDecimal number = ExactNumbers.of(value);
        if (most > 0 && number.stripTrailingZeros().precision() > most) {
            throw new IllegalArgumentException("a number with more digits");
        }
        return number;
    }

    /** To H2 every number but 0 is true. */
    private static String truth(String text) {
        if (!TRUTH.matcher(text).matches()) {
            throw new IllegalArgumentException("a number that is neither 0 nor 1");
        }
        return text;
    }

    /** H2 takes a member in other letters, and with blanks around it. */
    private static String member(String text, String declared) {
        if (!declared.contains("'" + text.replace("'", "''") + "'")) {
            throw new IllegalArgumentException("a text that is no member");
        }
        return text;
    }

    /** Java would fill short parts up with zeros, and its errors have the text in them. */
    private static UUID uuid(String text) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("a text that is no UUID");
        }
        return UUID.fromString(text);
    }

    private static Object temporal(Object value, Column source, TargetColumn target) {
        int digits = fraction(target);
        if (!TIMES.contains(source.valueType())) {
            requireFraction(FRACTION.matcher(value.toString()), digits);
            return value.toString();
        }
        long fraction = source.valueType() == ValueType.DATE ? 0 : Math.floorMod((Long) value, H2Times.MICROS);
        if (fraction % Math.round(Math.pow(10, Math.max(0, DEFAULT_FRACTION - digits))) != 0) {
            throw new IllegalArgumentException(LONG_FRACTION);
        }
        return H2Times.of(value, source, target.type());
    }

    private static void requireFraction(Matcher fraction, int digits) {
        if (fraction.find() && fraction.group(1).length() > digits) {
            throw new IllegalArgumentException(LONG_FRACTION);
        }
    }

    /** How many digits of a second it has. */
    private static int fraction(TargetColumn target) {
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
        if (target.type().equals("BINARY") && bytes.length < Math.max(1, number(LENGTH, target.declared()))) {
            throw new IllegalArgumentException("fewer bytes");
        }
        return bytes;
    }

    /** H2 fills a short text up with spaces, and drops those that are too many. */
    private static String padded(String text, TargetColumn target) {
        if (text.length() != Math.max(1, number(LENGTH, target.declared()))) {
            throw new IllegalArgumentException("a text of another length");
        }
        return text;
    }

    /** 0 where there is none. */
    private static int number(Pattern pattern, String declared) {
        Matcher number = pattern.matcher(declared);
        return number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    private static Object[] array(List<?> list, Column source, ValueType element, String declared) {
        if (list instanceof BoundedArray) {
            throw new IllegalArgumentException("an array whose subscripts do not begin at 1");
        }
        String type = H2Types.element(declared);
        boolean nested = H2Types.dataType(type).equals("ARRAY");
        Column column = Column.of(source.name(), source.sourceType(), element, true);
        TargetColumn target = TargetColumn.ofType(source.name(), H2Types.dataType(type), type);
        Object[] values = new Object[list.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = list.get(i);
            if (value instanceof List<?> inner) {
                if (!nested) {
                    throw new IllegalArgumentException("an array of several dimensions");
                }
                values[i] = array(inner, source, element, type);
            } else {
                values[i] = value == null ? null : convert(value, column, target, false);
            }
        }
        return values;
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
