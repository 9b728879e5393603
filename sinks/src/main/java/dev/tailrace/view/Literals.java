package dev.tailrace.view;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** Values that people write, as the column that they are compared with, or put into, carries them. */
public final class Literals {
    /** Of these the order of the texts is the order of the values; the rest compares for equality alone. */
    private static final Set<String> TEXTS = Set.of(
            "text", "varchar", "bpchar", "char", "character", "citext", "name", "tinytext", "mediumtext", "longtext");

    private static final long MICROS = 1_000_000L;

    private Literals() {}

    /**
     * The literal as a value of the column's type.
     *
     * @param literal a BigDecimal, a String or a Boolean
     * @throws IllegalArgumentException when the column cannot hold it; the message says what it holds
     */
    static Object typed(Column column, Object literal) {
        ValueType type = column.valueType();
        return switch (type) {
            case BOOLEAN -> required(literal, Boolean.class, "TRUE or FALSE");
            case INT16, INT32, INT64, DECIMAL, FLOAT32, FLOAT64 -> required(literal, BigDecimal.class, "numbers");
            case TEXT -> text(column, required(literal, String.class, "texts"));
            case BITS -> required(literal, String.class, "texts of 0 and 1");
            case DATE -> date(required(literal, String.class, "dates such as '2026-11-28'"));
            case TIME -> time(required(literal, String.class, "times such as '23:59:59.5'"));
            case TIMESTAMP -> timestamp(required(literal, String.class, "times such as '2026-11-28 23:59:59'"));
            case TIMESTAMPTZ -> instant(required(literal, String.class, "times such as '2026-11-28 23:59:59Z'"));
            case BYTES, ARRAY -> throw new IllegalArgumentException("can be asked for NULL only");
        };
    }

    /**
     * The text as a value that the column can be filled with.
     *
     * @throws IllegalArgumentException when the column cannot hold it; the message says what it holds
     */
    public static Object filling(Column column, String text) {
        try {
            return switch (column.valueType()) {
                case BOOLEAN -> {
                    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                        throw new IllegalArgumentException("holds true or false");
                    }
                    yield Boolean.valueOf(text);
                }
                case INT16 -> Short.valueOf(text);
                case INT32 -> Integer.valueOf(text);
                case INT64 -> Long.valueOf(text);
                case FLOAT32 -> Float.valueOf(text);
                case FLOAT64 -> Double.valueOf(text);
                case DECIMAL -> new BigDecimal(text);
                default -> typed(column, text);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("holds numbers", e);
        }
    }

    /** Whether less and greater mean for the source what they mean for the carried values. */
    static boolean isOrdered(Column column) {
        return switch (column.valueType()) {
            case BOOLEAN, BITS, BYTES, ARRAY -> false;
            case TEXT -> TEXTS.contains(column.sourceType());
            default -> true;
        };
    }

    /** @param literal what {@link #typed} made for that column */
    static int compare(Column column, Object value, Object literal) {
        return switch (column.valueType()) {
            case BOOLEAN -> Boolean.compare((Boolean) value, (Boolean) literal);
            case INT16, INT32, INT64 ->
                BigDecimal.valueOf(((Number) value).longValue()).compareTo((BigDecimal) literal);
            case DECIMAL ->
                value instanceof BigDecimal decimal
                        ? decimal.compareTo((BigDecimal) literal)
                        : (Double) value == Double.NEGATIVE_INFINITY ? -1 : 1;
            case FLOAT32 -> Float.compare((Float) value + 0.0f, ((BigDecimal) literal).floatValue() + 0.0f);
            case FLOAT64 -> Double.compare((Double) value + 0.0, ((BigDecimal) literal).doubleValue() + 0.0);
            case TEXT -> byCodePoint(text(column, (String) value), (String) literal);
            case BITS -> ((String) value).compareTo((String) literal);
            case DATE -> Integer.compare((Integer) value, (Integer) literal);
            case TIME, TIMESTAMP, TIMESTAMPTZ -> Long.compare((Long) value, (Long) literal);
            case BYTES, ARRAY -> throw new IllegalStateException("no literal compares with " + column.sourceType());
        };
    }

    /** Blanks at the end of a char(n) are no part of its value. */
    private static String text(Column column, String text) {
        return column.sourceType().equals("bpchar") || column.sourceType().equals("char")
                ? text.replaceFirst(" +$", "")
                : text;
    }

    private static int byCodePoint(String one, String other) {
        int[] left = one.codePoints().toArray();
        int[] right = other.codePoints().toArray();
        return java.util.Arrays.compare(left, right);
    }

    private static <T> T required(Object literal, Class<T> type, String holds) {
        if (!type.isInstance(literal)) {
            throw new IllegalArgumentException("holds " + holds);
        }
        return type.cast(literal);
    }

    private static int date(String text) {
        return switch (text) {
            case "infinity" -> ValueType.DATE_INFINITY;
            case "-infinity" -> -ValueType.DATE_INFINITY;
            default ->
                Math.toIntExact(parsed(text, "dates such as '2026-11-28'", LocalDate::parse)
                        .toEpochDay());
        };
    }

    private static long time(String text) {
        LocalTime time = parsed(text, "times such as '23:59:59.5'", LocalTime::parse);
        return time.toNanoOfDay() / 1000;
    }

    private static long timestamp(String text) {
        if (isInfinite(text)) {
            return infinity(text);
        }
        LocalDateTime moment = parsed(
                text,
                "times such as '2026-11-28 23:59:59'",
                t -> t.length() <= 10 ? LocalDate.parse(t).atStartOfDay() : LocalDateTime.parse(t.replace(' ', 'T')));
        return micros(moment.atOffset(ZoneOffset.UTC));
    }

    private static long instant(String text) {
        return isInfinite(text)
                ? infinity(text)
                : micros(parsed(
                        text,
                        "times with a zone such as '2026-11-28 23:59:59Z' or '2026-11-28 23:59:59+02:00'",
                        t -> OffsetDateTime.parse(t.replace(' ', 'T'))));
    }

    private static boolean isInfinite(String text) {
        return text.equals("infinity") || text.equals("-infinity");
    }

    private static long infinity(String text) {
        return text.equals("infinity") ? ValueType.TIMESTAMP_INFINITY : -ValueType.TIMESTAMP_INFINITY;
    }

    private static long micros(OffsetDateTime moment) {
        OffsetDateTime utc = moment.withOffsetSameInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        return utc.toEpochSecond() * MICROS + utc.getNano() / 1000;
    }

    private static <T> T parsed(String text, String holds, java.util.function.Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("holds " + holds, e);
        }
    }
}
