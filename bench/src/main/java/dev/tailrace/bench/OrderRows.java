package dev.tailrace.bench;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Rows of the table {@code orders} as they are made in Java, and its shape as the journal knows it. */
final class OrderRows {
    static final List<Column> COLUMNS = List.of(
            new Column("id", "int8", -1, -1, false, ValueType.INT64, null),
            new Column("customer_id", "int4", -1, -1, true, ValueType.INT32, null),
            new Column("status", "text", -1, -1, true, ValueType.TEXT, null),
            new Column("amount", "numeric", 12, 2, true, ValueType.DECIMAL, null),
            new Column("currency", "text", -1, -1, true, ValueType.TEXT, null),
            new Column("placed_at", "timestamptz", -1, -1, true, ValueType.TIMESTAMPTZ, null),
            new Column("paid", "bool", -1, -1, true, ValueType.BOOLEAN, null),
            new Column("note", "text", -1, -1, true, ValueType.TEXT, null));

    /** 2026-01-01T00:00:00Z. */
    private static final long EPOCH_MICROS = 1_767_225_600_000_000L;

    static final long SCATTER = 7_919;

    private OrderRows() {}

    /** The row of that key after that many updates, with values as {@link Column#valueType} says. */
    static Object[] values(long id, long version) {
        long mixed = (id + version) * 0x9E3779B97F4A7C15L;
        return new Object[] {
            id,
            (int) (id % 100_003),
            version == 0 ? "new" : "shipped",
            BigDecimal.valueOf((id + version) % 100_000_000, 2),
            "EUR",
            EPOCH_MICROS + id * 1_000_001,
            id % 2 == 0,
            "order " + hex(mixed) + hex(~mixed) + " " + hex(mixed >>> 7) + hex(~mixed >>> 7)
        };
    }

    /** The key that the {@code n}th update of a table of that size touches: every key once, in no order. */
    static long scattered(long n, long rows) {
        return 1 + n * SCATTER % rows;
    }

    /** Whether {@link #scattered} gives every key of a table of that size once. */
    static boolean scatters(long rows) {
        return rows % SCATTER != 0;
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    /** What PostgreSQL reads as that moment. */
    static String timestamp(long micros) {
        return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000)
                .toString();
    }
}
