package dev.tailrace.bench;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The stock engine feeding Debezium's own JDBC sink task in the same process, first inserts, then as many updates. {@code
 * BacklogToSink OPTIONS URL ROWS}.
 */
final class BacklogToSink {
    private final DebeziumSink sink;
    private final long rows;
    private final PhasedMeter meter;
    private final long[] count = {0};

    private BacklogToSink(DebeziumSink sink, long rows) {
        this.sink = sink;
        this.rows = rows;
        this.meter = new PhasedMeter(rows);
    }

    public static void main(String[] args) throws Exception {
        Properties options = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
            options.load(reader);
        }
        BacklogToSink backlog =
                new BacklogToSink(new DebeziumSink(args[1], EngineToSink.BATCH), Long.parseLong(args[2]));
        EngineRunner.run(options, records -> backlog.put(EngineToSink.converted(records, backlog.count)));
        backlog.meter.awaitAll();
        Child.done(backlog.meter.figures());
    }

    private void put(List<SinkRecord> records) {
        long before = count[0] - records.size();
        // A group with a row's insert and its update is one statement after the driver's rewriting, and refused.
        int inserts = (int) Math.max(0, Math.min(records.size(), rows - before));
        for (List<SinkRecord> group : List.of(records.subList(0, inserts), records.subList(inserts, records.size()))) {
            if (!group.isEmpty()) {
                sink.put(group);
                meter.add(group.size());
            }
        }
    }
}
