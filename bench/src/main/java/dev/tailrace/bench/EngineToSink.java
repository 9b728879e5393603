package dev.tailrace.bench;

import io.debezium.engine.RecordChangeEvent;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The stock engine feeding Debezium's own JDBC sink task in the same process, until the target has all rows. {@code
 * EngineToSink OPTIONS URL ROWS}.
 */
final class EngineToSink {
    /** Records that the sink writes in one transaction at most: what the engine gives at once. */
    static final int BATCH = 4096;

    private EngineToSink() {}

    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        Properties options = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
            options.load(reader);
        }
        DebeziumSink sink = new DebeziumSink(args[1], BATCH);
        long[] offset = {0};
        EngineRunner.run(options, records -> sink.put(converted(records, offset)));
        Child.done(TargetWatch.until(args[1], Long.parseLong(args[2]), start));
    }

    /** @param offset counts on */
    static List<SinkRecord> converted(List<RecordChangeEvent<SourceRecord>> records, long[] offset) {
        List<SinkRecord> converted = new ArrayList<>(records.size());
        for (RecordChangeEvent<SourceRecord> event : records) {
            SourceRecord record = event.record();
            if (EngineRunner.isChange(record)) {
                converted.add(new SinkRecord(
                        record.topic(),
                        0,
                        record.keySchema(),
                        record.key(),
                        record.valueSchema(),
                        record.value(),
                        offset[0]++));
            }
        }
        return converted;
    }
}
