package dev.tailrace.capture.mysql;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * A date with a time of day, field by field as the server stores it. The server stores dates that no calendar has: zero
 * dates, dates with a zero part, and with ALLOW_INVALID_DATES a thirty-first of February.
 */
record WallClock(int year, int month, int day, int hour, int minute, int second, int micros) implements Serializable {
    /** A date that the server writes as a number, YYYYMMDD. */
    static WallClock ofDate(int digits) {
        return new WallClock(digits / 10_000, digits / 100 % 100, digits % 100, 0, 0, 0, 0);
    }

    boolean isOnCalendar() {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth();
    }

    /** Days since 1970-01-01, for a date that a calendar has. */
    int epochDay() {
        return Math.toIntExact(LocalDate.of(year, month, day).toEpochDay());
    }

    /** Microseconds since 1970-01-01T00:00:00, for a date that a calendar has. */
    long epochMicros() {
        long seconds = epochDay() * 86_400L + hour * 3_600L + minute * 60L + second;
        return seconds * 1_000_000 + micros;
    }
}
