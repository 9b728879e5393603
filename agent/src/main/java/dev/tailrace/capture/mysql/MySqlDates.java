package dev.tailrace.capture.mysql;

import dev.tailrace.event.ValueType;
import java.sql.Timestamp;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Reads the dates of one column, with or without a time of day. One thread at a time. */
final class MySqlDates {
    private final ValueType type;
    private final String engine;
    private final String table;
    private final String column;
    /** Looked for at the first date that needs it: only then the engine has the table that it registers now. */
    private @Nullable Boolean key;

    /** @param type DATE, TIMESTAMP or TIMESTAMPTZ */
    MySqlDates(ValueType type, String engine, String table, String column) {
        this.type = type;
        this.engine = engine;
        this.table = table;
        this.column = column;
    }

    Object read(Object input) {
        return switch (type) {
            case DATE -> {
                WallClock date =
                        input instanceof LocalDate selected ? WallClock.ofDate(selected.getYear()) : wallClock(input);
                yield date.isOnCalendar() ? (Object) date.epochDay() : impossible();
            }
            case TIMESTAMP -> {
                WallClock clock = input instanceof Timestamp selected
                        ? SnapshotClock.of(selected.toLocalDateTime())
                        : wallClock(input);
                yield clock.isOnCalendar() ? (Object) clock.epochMicros() : impossible();
            }
            default -> {
                long micros = MySqlValues.number(input).longValue();
                yield micros == 0 ? impossible() : (Object) micros;
            }
        };
    }

    private static WallClock wallClock(Object input) {
        if (input instanceof WallClock clock) {
            return clock;
        }
        throw MySqlValues.unexpected(input);
    }

    private Object impossible() {
        if (key == null) {
            key = EngineTables.of(engine).table(table).isPrimaryKeyColumn(column);
        }
        return MySqlCarried.impossible(type, key);
    }
}
