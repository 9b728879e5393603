package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.ValueType;
import java.time.LocalDate;
import java.util.Locale;

/** Values as the texts that MySQL reads, without loss. */
final class MySqlText {
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final int LAST_YEAR = 9999;

    /** The text that would not say what it is supposed to say. */
    private static final String OUT_OF_RANGE = "a date outside of the years 0000 to 9999";

    private MySqlText() {}

    /** @throws IllegalArgumentException when it is none that MySQL has; the message names the kind of value */
    static String date(int days) {
        if (days == ValueType.DATE_INFINITY || days == -ValueType.DATE_INFINITY) {
            throw new IllegalArgumentException("the date infinity");
        }
        return day(days);
    }

    private static String day(long days) {
        LocalDate date = LocalDate.ofEpochDay(days);
        if (date.getYear() < 0 || date.getYear() > LAST_YEAR) {
            throw new IllegalArgumentException(OUT_OF_RANGE);
        }
        return String.format(Locale.ROOT, "%04d-%02d-%02d", date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    /** @throws IllegalArgumentException when it is none that MySQL has; the message names the kind of value */
    static String timestamp(long micros) {
        if (micros == ValueType.TIMESTAMP_INFINITY || micros == -ValueType.TIMESTAMP_INFINITY) {
            throw new IllegalArgumentException("the timestamp infinity");
        }
        return day(Math.floorDiv(micros, MICROS_PER_DAY)) + " " + time(Math.floorMod(micros, MICROS_PER_DAY));
    }

    /** 24:00:00 and more, and below zero, come out as they are. */
    static String time(long micros) {
        long seconds = Math.abs(micros) / MICROS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d.%06d",
                micros < 0 ? "-" : "",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                Math.abs(micros) % MICROS_PER_SECOND);
    }
}
