package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.h2.api.Interval;
import org.h2.api.IntervalQualifier;

/** Dates and times as the classes that H2 keeps without a loss. H2 has no infinity, and no hour 24. */
final class H2Times {
    static final long MICROS = 1_000_000L;
    private static final long NANOS = 1000;
    private static final long HOUR = 3600 * MICROS;
    private static final long DAY = 24 * HOUR;

    private H2Times() {}

    /**
     * The value for a column of that type.
     *
     * @throws IllegalArgumentException when the type has none like it; the message names the kind of value
     */
    static Object of(Object value, Column source, String type) {
        boolean fits = switch (source.valueType()) {
            case DATE -> type.equals("DATE") || type.startsWith("TIMESTAMP");
            case TIME -> type.equals("TIME") || type.startsWith("INTERVAL");
            default -> type.startsWith("TIMESTAMP");
        };
        if (!fits) {
            throw new IllegalArgumentException("a " + source.sourceType());
        }
        return switch (source.valueType()) {
            case DATE -> date((Integer) value);
            case TIME -> type.equals("TIME") ? time((Long) value) : interval((Long) value);
            case TIMESTAMPTZ -> moment((Long) value).atOffset(ZoneOffset.UTC);
            default -> moment((Long) value);
        };
    }

    private static LocalDate date(int days) {
        if (Math.abs((long) days) == ValueType.DATE_INFINITY) {
            throw new IllegalArgumentException("the date infinity");
        }
        return LocalDate.ofEpochDay(days);
    }

    private static LocalTime time(long micros) {
        if (micros < 0 || micros >= DAY) {
            throw new IllegalArgumentException("a time that no day has");
        }
        return LocalTime.ofNanoOfDay(micros * NANOS);
    }

    private static Interval interval(long micros) {
        long size = Math.abs(micros);
        return new Interval(IntervalQualifier.HOUR_TO_SECOND, micros < 0, size / HOUR, size % HOUR * NANOS);
    }

    private static LocalDateTime moment(long micros) {
        if (micros == ValueType.TIMESTAMP_INFINITY || micros == -ValueType.TIMESTAMP_INFINITY) {
            throw new IllegalArgumentException("the timestamp infinity");
        }
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS), (int) (Math.floorMod(micros, MICROS) * NANOS), ZoneOffset.UTC);
    }
}
