package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.ValueText;
import java.time.LocalDate;
import java.util.Locale;

/** Dates and moments as the texts that MySQL reads, without loss: it has neither years beyond 9999 nor infinity. */
final class MySqlDates {
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final int LAST_YEAR = 9999;

    /** The text that would not say what it is supposed to say. */
    private static final String OUT_OF_RANGE = "a date outside of the years 0000 to 9999";

    private MySqlDates() {}

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
        return day(Math.floorDiv(micros, MICROS_PER_DAY)) + " "
                + ValueText.of(Math.floorMod(micros, MICROS_PER_DAY), ValueType.TIME, null);
    }
}
