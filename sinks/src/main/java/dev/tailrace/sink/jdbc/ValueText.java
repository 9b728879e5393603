package dev.tailrace.sink.jdbc;

import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as the texts that PostgreSQL writes in UTC and reads, without loss. */
public final class ValueText {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    private ValueText() {}

    /** @param elementType of an array's elements, null for anything else */
    public static String of(Object value, ValueType type, @Nullable ValueType elementType) {
        return of(value, type, elementType, ',');
    }

    /** @param delimiter between the elements of an array; a {@code box[]} has a semicolon, all others of the server a comma */
    public static String of(Object value, ValueType type, @Nullable ValueType elementType, char delimiter) {
        return switch (type) {
            case BOOLEAN, INT16, INT32, INT64, FLOAT32, FLOAT64, DECIMAL, TEXT, BITS -> value.toString();
            case BYTES -> "\\x" + HexFormat.of().formatHex((byte[]) value);
            case DATE -> date((Integer) value);
            case TIME -> time((Long) value);
            case TIMESTAMP -> timestamp((Long) value, "");
            case TIMESTAMPTZ -> timestamp((Long) value, "+00");
            case ARRAY -> {
                if (elementType == null) {
                    throw new IllegalArgumentException("an array without element type");
                }
                StringBuilder text = new StringBuilder();
                if (value instanceof BoundedArray array) {
                    text.append(array.bounds()).append('=');
                }
                array(text, (List<?>) value, elementType, delimiter);
                yield text.toString();
            }
        };
    }

    /**
     * The value for a column of text: plain digits, and arrays as JSON.
     *
     * @param key whether equal keys must become equal texts: of a numeric without a declared scale 1.0 and 1.00 are one row
     */
    public static String ofColumn(Object value, Column source, boolean key) {
        if (value instanceof BigDecimal decimal) {
            boolean free = SourceNames.base(source).equals("numeric") && source.length() <= 0;
            return (key && free ? decimal.stripTrailingZeros() : decimal).toPlainString();
        }
        ValueType element = source.elementType();
        return value instanceof List<?> list && element != null
                ? ArrayJson.of(list, element)
                : of(value, source.valueType(), element);
    }

    private static String date(int days) {
        if (days == ValueType.DATE_INFINITY) {
            return "infinity";
        }
        if (days == -ValueType.DATE_INFINITY) {
            return "-infinity";
        }
        LocalDate date = LocalDate.ofEpochDay(days);
        StringBuilder text = new StringBuilder(16);
        return date.getYear() > 0
                ? dateOf(text, date).toString()
                : dateOf(text, date).append(" BC").toString();
    }

    /** Year 0 is 1 BC; the server reads years beyond four digits as they are. */
    private static StringBuilder dateOf(StringBuilder text, LocalDate date) {
        padded(text, date.getYear() > 0 ? date.getYear() : 1L - date.getYear(), 4);
        padded(text.append('-'), date.getMonthValue(), 2);
        padded(text.append('-'), date.getDayOfMonth(), 2);
        return text;
    }

    private static String timestamp(long micros, String zone) {
        if (micros == ValueType.TIMESTAMP_INFINITY) {
            return "infinity";
        }
        if (micros == -ValueType.TIMESTAMP_INFINITY) {
            return "-infinity";
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY));
        StringBuilder text = new StringBuilder(32);
        dateOf(text, date).append(' ');
        timeOf(text, Math.floorMod(micros, MICROS_PER_DAY));
        text.append(zone);
        return date.getYear() > 0 ? text.toString() : text.append(" BC").toString();
    }

    private static String time(long micros) {
        StringBuilder text = new StringBuilder(16);
        if (micros < 0) {
            text.append('-');
        }
        timeOf(text, Math.abs(micros));
        return text.toString();
    }

    /** 24:00:00 and more hours than a day has come out as they are. */
    private static void timeOf(StringBuilder text, long micros) {
        long seconds = micros / MICROS_PER_SECOND;
        padded(text, seconds / 3600, 2);
        padded(text.append(':'), seconds / 60 % 60, 2);
        padded(text.append(':'), seconds % 60, 2);
        long fraction = micros % MICROS_PER_SECOND;
        if (fraction != 0) {
            padded(text.append('.'), fraction, 6);
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
    }

    private static void padded(StringBuilder text, long number, int width) {
        long bound = 10;
        for (int digits = 1; digits < width; digits++, bound *= 10) {
            if (number < bound) {
                text.append("0".repeat(width - digits));
                break;
            }
        }
        text.append(number);
    }

    private static void array(StringBuilder text, List<?> elements, ValueType type, char delimiter) {
        text.append('{');
        boolean first = true;
        for (Object element : elements) {
            if (!first) {
                text.append(delimiter);
            }
            first = false;
            if (element == null) {
                text.append("NULL");
            } else if (element instanceof List<?> inner) {
                array(text, inner, type, delimiter);
            } else {
                quoted(text, of(element, type, null));
            }
        }
        text.append('}');
    }

    private static void quoted(StringBuilder text, String element) {
        text.append('"');
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }
}
