package dev.tailrace.bench;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The rows of {@code replay} as records in the form that the stock engine gives them, written by Debezium's own JDBC sink
 * task. What it takes to make the records is left out of its figures. {@code RecordsToSink URL ROWS}.
 */
final class RecordsToSink {
    /** As many as the other two write in one transaction. */
    private static final int GROUP = 5_000;

    private static final Schema KEY = SchemaBuilder.struct()
            .name("t.public.orders.Key")
            .field("id", Schema.INT64_SCHEMA)
            .build();
    private static final Schema ROW = SchemaBuilder.struct()
            .name("t.public.orders.Value")
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("customer_id", Schema.OPTIONAL_INT32_SCHEMA)
            .field("status", Schema.OPTIONAL_STRING_SCHEMA)
            .field("amount", Decimal.builder(2).optional().build())
            .field("currency", Schema.OPTIONAL_STRING_SCHEMA)
            .field(
                    "placed_at",
                    SchemaBuilder.string()
                            .name("io.debezium.time.ZonedTimestamp")
                            .version(1)
                            .optional()
                            .build())
            .field("paid", Schema.OPTIONAL_BOOLEAN_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .name("t.public.orders.Envelope")
            .version(2)
            .field("before", ROW)
            .field("after", ROW)
            .field("op", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    private RecordsToSink() {}

    public static void main(String[] args) throws Exception {
        long rows = Long.parseLong(args[1]);
        DebeziumSink sink = new DebeziumSink(args[0], GROUP);
        PhasedMeter meter = new PhasedMeter(rows);
        long first = 0;
        while (first < 2 * rows) {
            // A group with a row's insert and its update is one statement after the driver's rewriting, and refused.
            int count = (int) Math.min(GROUP, rows - first % rows);
            sink.put(made(first, count, rows, meter));
            meter.add(count);
            first += count;
        }
        Child.done(meter.figures());
    }

    private static List<SinkRecord> made(long first, int count, long rows, PhasedMeter meter) {
        long start = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        List<SinkRecord> records = new ArrayList<>(count);
        for (long n = first; n < first + count; n++) {
            records.add(record(n, rows));
        }
        meter.leaveOut(
                System.nanoTime() - start, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu);
        return records;
    }

    private static SinkRecord record(long n, long rows) {
        boolean insert = n < rows;
        Object[] values = OrderRows.values(insert ? n + 1 : OrderRows.scattered(n - rows, rows), insert ? 0 : 1);
        Struct row = new Struct(ROW)
                .put("id", values[0])
                .put("customer_id", values[1])
                .put("status", values[2])
                .put("amount", (BigDecimal) values[3])
                .put("currency", values[4])
                .put("placed_at", OrderRows.timestamp((Long) values[5]))
                .put("paid", values[6])
                .put("note", values[7]);
        Struct value = new Struct(ENVELOPE)
                .put("after", row)
                .put("op", insert ? "c" : "u")
                .put("ts_ms", 1L);
        Struct key = new Struct(KEY).put("id", values[0]);
        return new SinkRecord("t.public.orders", 0, KEY, key, ENVELOPE, value, n);
    }
}
