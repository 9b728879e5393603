package dev.tailrace.capture.postgres;

import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own text of a value (DateStyle ISO, bytea_output hex, IntervalStyle postgres) to the value as {@link
 * ValueType} carries it, without loss. Messages of its exceptions name the type, never the value.
 */
final class PgText {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

    private PgText() {}

    /** @throws IllegalArgumentException when the text is not a value of that type */
    static Object value(PgType type, String text) {
        return switch (type.valueType()) {
            case BOOLEAN -> text.startsWith("t");
            case INT16 -> Short.parseShort(text);
            case INT32 -> Integer.parseInt(text);
            case INT64 -> Long.parseLong(text);
            case FLOAT32 -> Float.parseFloat(text);
            case FLOAT64 -> Double.parseDouble(text);
            case DECIMAL -> type.oid() == PgType.MONEY ? money(text, type.moneyDigits()) : decimal(text);
            case TEXT, BITS -> text;
            case BYTES -> bytes(text);
            case DATE -> date(text);
            case TIME -> time(text, 0, text.length());
            case TIMESTAMP, TIMESTAMPTZ -> timestamp(text);
            case ARRAY -> array(type, text);
        };
    }

    /** A {@link BigDecimal} with the text's scale, or a {@link Double} for NaN and the infinities. */
    static Object decimal(String text) {
        if (Character.isDigit(text.charAt(text.length() - 1))) {
            return new BigDecimal(text); // all but three in a table of any size
        }
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> new BigDecimal(text);
        };
    }

    /**
     * The server stores a whole number and shows it by its setting {@code lc_monetary}. Our sessions have {@code C}, which
     * shows {@code -$1,234.56}.
     *
     * @param digits behind the point, as the database itself shows its money
     */
    static BigDecimal money(String text, int digits) {
        String number = text.replace("$", "").replace(",", "").replace(".", "");
        return new BigDecimal(new BigInteger(number), digits);
    }

    static byte[] bytes(String text) {
        if (!text.startsWith("\\x")) {
            throw new IllegalArgumentException("a bytea is not in hex form");
        }
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    /** Days since the epoch. */
    static int date(String text) {
        if (text.equals("infinity")) {
            return ValueType.DATE_INFINITY;
        }
        if (text.equals("-infinity")) {
            return -ValueType.DATE_INFINITY;
        }
        boolean beforeChrist = text.endsWith(" BC");
        int end = beforeChrist ? text.length() - 3 : text.length();
        return Math.toIntExact(epochDay(text, end, beforeChrist));
    }

    private static long epochDay(String text, int end, boolean beforeChrist) {
        int month = text.indexOf('-', 1);
        int day = text.indexOf('-', month + 1);
        int year = Integer.parseInt(text, 0, month, 10);
        return LocalDate.of(
                        beforeChrist ? 1 - year : year,
                        Integer.parseInt(text, month + 1, day, 10),
                        Integer.parseInt(text, day + 1, end, 10))
                .toEpochDay();
    }

    /** Microseconds since midnight of {@code HH:MM:SS[.ffffff]}; 24:00:00 is the end of the day. */
    static long time(String text, int from, int to) {
        long seconds = Integer.parseInt(text, from, from + 2, 10) * 3600L
                + Integer.parseInt(text, from + 3, from + 5, 10) * 60L
                + Integer.parseInt(text, from + 6, from + 8, 10);
        long micros = 0;
        if (to > from + 8) {
            int digits = to - from - 9;
            micros = Integer.parseInt(text, from + 9, to, 10);
            for (int i = digits; i < 6; i++) {
                micros *= 10;
            }
        }
        return seconds * MICROS_PER_SECOND + micros;
    }

    /** Microseconds since the epoch of {@code Y-MM-DD HH:MM:SS[.ffffff][+HH[:MM[:SS]]][ BC]}; an offset is taken off. */
    static long timestamp(String text) {
        if (text.equals("infinity")) {
            return ValueType.TIMESTAMP_INFINITY;
        }
        if (text.equals("-infinity")) {
            return -ValueType.TIMESTAMP_INFINITY;
        }
        boolean beforeChrist = text.endsWith(" BC");
        int end = beforeChrist ? text.length() - 3 : text.length();
        int space = text.indexOf(' ');
        int zone = zoneStart(text, space + 1, end);
        try {
            long micros = Math.addExact(
                    Math.multiplyExact(epochDay(text, space, beforeChrist), MICROS_PER_DAY),
                    time(text, space + 1, zone));
            return zone == end ? micros : Math.subtractExact(micros, offsetMicros(text, zone, end));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a timestamp is beyond the year 294246", e);
        }
    }

    private static int zoneStart(String text, int from, int end) {
        for (int i = from + 8; i < end; i++) {
            char c = text.charAt(i);
            if (c == '+' || c == '-') {
                return i;
            }
        }
        return end;
    }

    private static long offsetMicros(String text, int from, int end) {
        long seconds = Integer.parseInt(text, from + 1, from + 3, 10) * 3600L;
        if (end >= from + 6) {
            seconds += Integer.parseInt(text, from + 4, from + 6, 10) * 60L;
        }
        if (end >= from + 9) {
            seconds += Integer.parseInt(text, from + 7, from + 9, 10);
        }
        return (text.charAt(from) == '-' ? -seconds : seconds) * MICROS_PER_SECOND;
    }

    /** A list of values, of nulls, or of lists again; a {@link BoundedArray} when its subscripts begin elsewhere than at 1. */
    static List<@Nullable Object> array(PgType type, String text) {
        PgType element = type.base();
        int start = text.indexOf('{');
        if (start < 0) {
            throw new IllegalArgumentException("an array of " + element.name() + " has no braces");
        }
        List<@Nullable Object> elements = new ArrayParser(element, text, start).list();
        // [2:3]={7,8}
        return start == 0 ? elements : new BoundedArray(text.substring(0, start - 1), elements);
    }

    /** Walks over one array literal. */
    private static final class ArrayParser {
        private final PgType element;
        private final String text;
        private int at;

        ArrayParser(PgType element, String text, int start) {
            this.element = element;
            this.text = text;
            this.at = start;
        }

        List<@Nullable Object> list() {
            List<@Nullable Object> values = new ArrayList<>();
            at++; // {
            while (text.charAt(at) != '}') {
                char c = text.charAt(at);
                if (c == element.delimiter()) {
                    at++;
                } else if (c == '{') {
                    values.add(list());
                } else if (c == '"') {
                    values.add(value(element, quoted()));
                } else {
                    String bare = bare();
                    values.add(bare.equals("NULL") ? null : value(element, bare));
                }
            }
            at++; // }
            return values;
        }

        private String bare() {
            int from = at;
            while (text.charAt(at) != '}' && text.charAt(at) != element.delimiter()) {
                at++;
            }
            return text.substring(from, at);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            at++; // "
            while (text.charAt(at) != '"') {
                if (text.charAt(at) == '\\') {
                    at++;
                }
                value.append(text.charAt(at));
                at++;
            }
            at++; // "
            return value.toString();
        }
    }
}
