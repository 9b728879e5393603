package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.ExactNumbers;
import dev.tailrace.sink.jdbc.SourceNames;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.ValueConversion;
import dev.tailrace.sink.jdbc.ValueText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values as parameters for a column of MySQL. The server's strict mode refuses most of what does not fit; what it would
 * round, pad, cut or reinterpret without an error is refused here (I7).
 */
final class MySqlValues {
    private static final Set<String> INTEGERS = Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
    private static final Set<String> NUMBERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit", "year");
    private static final Set<ValueType> TIMES =
            EnumSet.of(ValueType.DATE, ValueType.TIME, ValueType.TIMESTAMP, ValueType.TIMESTAMPTZ);
    private static final Set<String> BLOBS =
            Set.of("tinyblob", "blob", "mediumblob", "longblob", "varbinary", "binary");
    private static final int FIRST_YEAR = 1901;

    /** Gives a String, a Long, a BigDecimal, or bytes. */
    static final ValueConversion CONVERSION = MySqlValues::convert;

    private MySqlValues() {}

    private static Object convert(Object value, Column source, TargetColumn target, boolean key) {
        String type = target.type();
        if (NUMBERS.contains(type) && TIMES.contains(source.valueType())) {
            throw new IllegalArgumentException("a " + source.sourceType());
        }
        if (INTEGERS.contains(type)) {
            boolean whole = value instanceof Long || value instanceof Integer || value instanceof Short;
            return whole ? ((Number) value).longValue() : ExactNumbers.of(value, 0);
        }
        if (BLOBS.contains(type)) {
            return bytes(value, source, target);
        }
        return switch (type) {
            case "decimal" -> ExactNumbers.of(value, scale(target.declared()));
            case "float" -> floating(ExactNumbers.single(value));
            case "double" -> floating(ExactNumbers.floating(value));
            case "bit" -> bits(value, source);
            case "year" -> year(ExactNumbers.of(value, 0));
            case "date", "time", "datetime", "timestamp" -> temporal(value, source, target);
            case "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geometrycollection",
                    "geomcollection" -> value instanceof byte[] bytes ? bytes : ValueText.ofColumn(value, source, key);
            case "char", "varchar" -> sized(ValueText.ofColumn(value, source, key), target);
            case "json" -> json(ValueText.ofColumn(value, source, key));
            default -> ValueText.ofColumn(value, source, key);
        };
    }

    /** In text, because a number without an exponent would lose the sign of zero. */
    private static String floating(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("NaN or an infinity");
        }
        return Double.toString(number);
    }

    private static BigDecimal bits(Object value, Column source) {
        return source.valueType() == ValueType.BITS
                ? new BigDecimal(new BigInteger("0" + value, 2))
                : ExactNumbers.of(value, 0);
    }

    /** The server takes 5 for 2005. */
    private static BigDecimal year(BigDecimal year) {
        if (year.signum() != 0 && year.compareTo(BigDecimal.valueOf(FIRST_YEAR)) < 0) {
            throw new IllegalArgumentException("a year before " + FIRST_YEAR);
        }
        return year;
    }

    private static String temporal(Object value, Column source, TargetColumn target) {
        boolean toDate = target.type().equals("date");
        String text = switch (source.valueType()) {
            case DATE -> MySqlDates.date((Integer) value);
            case TIME -> ValueText.of(value, ValueType.TIME, null);
            case TIMESTAMP, TIMESTAMPTZ -> MySqlDates.timestamp((Long) value);
            default -> value.toString();
        };
        boolean carried = source.valueType() != ValueType.TEXT;
        boolean dateAgrees = source.valueType() == ValueType.DATE == toDate
                || (source.valueType() == ValueType.DATE && !target.type().equals("time"));
        boolean timeAgrees =
                source.valueType() == ValueType.TIME == target.type().equals("time");
        if (carried && (!dateAgrees || !timeAgrees)) {
            throw new IllegalArgumentException("a " + source.sourceType());
        }
        int point = text.indexOf('.');
        int digits = toDate ? 0 : scale(target.declared());
        if (point >= 0
                && !text.substring(point + 1 + Math.min(digits, text.length() - point - 1))
                        .matches("0*")) {
            throw new IllegalArgumentException("a fraction of a second with more digits");
        }
        return text;
    }

    private static Object bytes(Object value, Column source, TargetColumn target) {
        if (!(value instanceof byte[] bytes)) {
            return ValueText.ofColumn(value, source, false).getBytes(StandardCharsets.UTF_8);
        }
        // The server fills a short value up with zeros.
        if (target.type().equals("binary")
                && bytes.length < scale(target.declared())
                && !SourceNames.base(source).equals("binary")) {
            throw new IllegalArgumentException("fewer bytes");
        }
        return bytes;
    }

    private static String json(String text) {
        if (!JsonNumbers.areExact(text)) {
            throw new IllegalArgumentException("a number in JSON that neither 64 bits nor a double hold");
        }
        return text;
    }

    /** The server cuts trailing spaces that are too many, in strict mode as well. */
    private static String sized(String text, TargetColumn target) {
        if (text.codePointCount(0, text.length()) > scale(target.declared())) {
            throw new IllegalArgumentException("a longer text");
        }
        return text;
    }

    /** The last number in parentheses: of decimal(10,2) the 2, of varchar(20) the 20; 0 without any. */
    private static int scale(String declared) {
        int close = declared.indexOf(')');
        if (close < 0) {
            return 0;
        }
        int start = close;
        while (Character.isDigit(declared.charAt(start - 1))) {
            start--;
        }
        boolean precisionAlone = declared.startsWith("decimal(") && declared.charAt(start - 1) == '(';
        return precisionAlone || start == close ? 0 : Integer.parseInt(declared.substring(start, close));
    }

    static void bind(PreparedStatement statement, int parameter, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(parameter, Types.NULL);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(parameter, bytes);
        } else if (value instanceof BigDecimal decimal) {
            statement.setBigDecimal(parameter, decimal);
        } else if (value instanceof Long number) {
            statement.setLong(parameter, number);
        } else {
            statement.setString(parameter, value.toString());
        }
    }

    /** The most bytes that the value takes inside the text of a statement. */
    static long escapedSize(@Nullable Object value) {
        if (value instanceof String text) {
            return size(text, true) + 2;
        }
        return value instanceof byte[] bytes ? 2L * bytes.length + 16 : value instanceof BigDecimal ? 80 : 20;
    }

    /** The bytes that the value takes as a parameter of a statement prepared at the server. */
    static long plainSize(@Nullable Object value) {
        if (value instanceof String text) {
            return size(text, false) + 9;
        }
        return value instanceof byte[] bytes ? bytes.length + 9L : 80;
    }

    private static long size(String text, boolean escaped) {
        long size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                boolean doubled = escaped && (c == '\'' || c == '"' || c == '\\' || c < 0x20);
                size += doubled ? 2 : 1;
            } else {
                // A pair of surrogates is four bytes.
                size += c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
            }
        }
        return size;
    }
}
