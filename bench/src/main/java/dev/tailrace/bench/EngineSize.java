package dev.tailrace.bench;

import io.debezium.engine.RecordChangeEvent;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;

/** Bytes of the stock engine's events as JSON without schemas, key and value. {@code EngineSize OPTIONS ROWS}. */
final class EngineSize {
    private EngineSize() {}

    public static void main(String[] args) throws Exception {
        Properties options = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
            options.load(reader);
        }
        long rows = Long.parseLong(args[1]);
        JsonConverter keys = converter(true);
        JsonConverter values = converter(false);
        long[] counted = {0, 0};
        CountDownLatch complete = new CountDownLatch(1);
        EngineRunner.run(options, records -> {
            for (RecordChangeEvent<SourceRecord> event : records) {
                SourceRecord record = event.record();
                if (EngineRunner.isChange(record)) {
                    counted[0]++;
                    counted[1] += keys.fromConnectData(record.topic(), record.keySchema(), record.key()).length;
                    counted[1] += values.fromConnectData(record.topic(), record.valueSchema(), record.value()).length;
                }
            }
            if (counted[0] >= rows) {
                complete.countDown();
            }
        });
        complete.await();
        Child.done(new Figures(
                Map.of("count", (double) counted[0], "bytes", (double) counted[1] / Math.max(1, counted[0]))));
    }

    private static JsonConverter converter(boolean key) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", "false"), key);
        return converter;
    }
}
