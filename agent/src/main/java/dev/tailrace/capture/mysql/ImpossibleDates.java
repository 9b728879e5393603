package dev.tailrace.capture.mysql;

import dev.tailrace.event.Column;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of dates that no calendar has: zero dates, dates with a zero part, a thirty-first of February. They come
 * the same from a snapshot and from the log, are never taken for null, and each is counted. For any thread.
 */
final class ImpossibleDates {
    /** The setting {@code source.zero-dates}. */
    enum Policy {
        /** Null where the column allows it, else the first of January 1970. */
        NULL,
        /** The first of January 1970; of a TIMESTAMP the first second, where the type begins. */
        EPOCH,
        /** The capture stops. */
        FAIL;

        /** Of the configuration's spelling. */
        static Policy of(String setting) {
            return valueOf(setting.toUpperCase(Locale.ROOT));
        }
    }

    /** A TIMESTAMP of MySQL and MariaDB begins at 00:00:01, in microseconds: one of 00:00:00 would be refused there. */
    private static final Long FIRST_TIMESTAMP = 1_000_000L;

    private final Policy policy;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    ImpossibleDates(Policy policy) {
        this.policy = policy;
    }

    /**
     * What stands for an impossible date.
     *
     * @param table as the engine names it
     * @param key whether the column belongs to the table's key, where two rows would become one
     * @throws IllegalStateException when it must not be replaced; the message is for the operator
     */
    @Nullable
    Object replacement(String table, Column column, boolean key) {
        counts.computeIfAbsent(table, t -> new LongAdder()).increment();
        if (key) {
            throw new IllegalStateException(
                    "column " + column.name() + " of " + table + " belongs to the key and holds a"
                            + " date that no calendar has; no other value can stand for it");
        }
        return switch (policy) {
            case FAIL ->
                throw new IllegalStateException("column " + column.name() + " of " + table
                        + " holds a date that no calendar has (0000-00-00, a zero month or day, a day that the month has"
                        + " not)");
            case NULL -> column.nullable() ? null : epoch(column);
            case EPOCH -> epoch(column);
        };
    }

    private static Object epoch(Column column) {
        return switch (column.valueType()) {
            case DATE -> (Object) 0;
            case TIMESTAMPTZ -> FIRST_TIMESTAMP;
            default -> (Object) 0L;
        };
    }

    /** How many were met since the start, by table as the engine names it. */
    Map<String, Long> counts() {
        Map<String, Long> result = new ConcurrentHashMap<>();
        counts.forEach((table, count) -> result.put(table, count.sum()));
        return result;
    }
}
