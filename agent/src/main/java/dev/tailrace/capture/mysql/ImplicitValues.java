package dev.tailrace.capture.mysql;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of a row that was there before its column came, from what the statement says. */
final class ImplicitValues {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})");
    private static final Pattern TIME = Pattern.compile("(-?)(\\d{1,3}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,6}))?");

    private ImplicitValues() {}

    /** Empty when it cannot be told from the statement alone. Not for {@link ColumnBirth.Kind#NULL}. */
    static Optional<Object> of(Column column, ColumnBirth birth) {
        try {
            return switch (birth.kind()) {
                case LITERAL -> literal(column, birth.text());
                case IMPLICIT -> implicit(column, birth.text());
                case HEX -> hex(column, birth.text());
                case BITS -> bits(column, birth.text());
                case NULL, RENAMED, UNKNOWN -> Optional.empty();
            };
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            // a literal that the server converts by rules of its own
            return Optional.empty();
        }
    }

    private static Optional<Object> literal(Column column, String text) {
        return switch (column.valueType()) {
            case INT16 -> Optional.of(new BigDecimal(text).shortValueExact());
            case INT32 -> Optional.of(new BigDecimal(text).intValueExact());
            case INT64 -> Optional.of(new BigDecimal(text).longValueExact());
            case DECIMAL ->
                Optional.of(new BigDecimal(text).setScale(Math.max(0, column.scale()), RoundingMode.UNNECESSARY));
            case FLOAT32 -> column.scale() < 0 ? Optional.of(Float.parseFloat(text)) : Optional.empty();
            case FLOAT64 -> column.scale() < 0 ? Optional.of(Double.parseDouble(text)) : Optional.empty();
            case TEXT -> text(column, text);
            case BYTES -> Optional.empty();
            case BITS -> bits(column, new BigInteger(text).toString(2));
            case DATE -> Optional.of(Math.toIntExact(date(text)));
            case TIME -> Optional.of(time(text, column.length()));
            case TIMESTAMP -> timestamp(text, column.length());
            // its text is one of the session's time zone
            case TIMESTAMPTZ, BOOLEAN, ARRAY -> Optional.empty();
        };
    }

    private static Optional<Object> text(Column column, String text) {
        return switch (column.sourceType()) {
            case "char" -> Optional.of(text.stripTrailing().length() == text.length() ? text : cut(text));
            case MySqlType.JSON -> Optional.of(MySqlJson.ofText(text));
            default -> Optional.of(text);
        };
    }

    /** The server cuts blanks, and nothing else that is white. */
    private static String cut(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    /** In strict mode the server adds no date that no calendar has. */
    private static Optional<Object> implicit(Column column, String firstMember) {
        return switch (column.valueType()) {
            case INT16 -> Optional.of((short) 0);
            case INT32 -> Optional.of(0);
            case INT64, TIME -> Optional.of(0L);
            case DECIMAL -> Optional.of(BigDecimal.ZERO.setScale(Math.max(0, column.scale())));
            case FLOAT32 -> Optional.of(0f);
            case FLOAT64 -> Optional.of(0d);
            case TEXT ->
                switch (column.sourceType()) {
                    case MySqlType.ENUM -> firstMember.isEmpty() ? Optional.empty() : Optional.of(firstMember);
                    case MySqlType.JSON -> Optional.empty();
                    default -> Optional.of("");
                };
            case BYTES ->
                switch (column.sourceType()) {
                    case "binary" -> Optional.of(new byte[column.length()]);
                    case "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> Optional.of(new byte[0]);
                    default -> Optional.empty();
                };
            case BITS -> bits(column, "0");
            case DATE, TIMESTAMP, TIMESTAMPTZ, BOOLEAN, ARRAY -> Optional.empty();
        };
    }

    private static Optional<Object> hex(Column column, String digits) {
        if (column.valueType() != ValueType.BYTES) {
            return Optional.empty();
        }
        byte[] bytes = HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "0" + digits);
        return Optional.of(
                column.sourceType().equals("binary") ? java.util.Arrays.copyOf(bytes, column.length()) : bytes);
    }

    private static Optional<Object> bits(Column column, String digits) {
        boolean fits = column.valueType() == ValueType.BITS && digits.length() <= column.length();
        return fits ? Optional.of("0".repeat(column.length() - digits.length()) + digits) : Optional.empty();
    }

    private static long date(String text) {
        Matcher parts = DATE.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a date in full");
        }
        return LocalDate.of(
                        Integer.parseInt(parts.group(1)),
                        Integer.parseInt(parts.group(2)),
                        Integer.parseInt(parts.group(3)))
                .toEpochDay();
    }

    private static long time(String text, int digits) {
        Matcher parts = TIME.matcher(text);
        String fraction = parts.matches() && parts.group(5) != null ? parts.group(5) : "";
        if (!parts.matches() || fraction.length() > Math.max(0, digits)) {
            throw new IllegalArgumentException("not a time in full");
        }
        long seconds = Integer.parseInt(parts.group(2)) * 3600L
                + Integer.parseInt(parts.group(3)) * 60L
                + Integer.parseInt(parts.group(4));
        long micros = seconds * MICROS_PER_SECOND + Integer.parseInt((fraction + "000000").substring(0, 6));
        return parts.group(1).isEmpty() ? micros : -micros;
    }

    private static Optional<Object> timestamp(String text, int digits) {
        int blank = text.indexOf(' ');
        long days = date(blank < 0 ? text : text.substring(0, blank));
        long micros = blank < 0 ? 0 : time(text.substring(blank + 1), digits);
        return Optional.of(days * SECONDS_PER_DAY * MICROS_PER_SECOND + micros);
    }
}
