package dev.tailrace.bench;

import io.debezium.engine.RecordChangeEvent;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The stock engine's latency from the commit to the call of the handler, for all rows with keys above {@code FROM}. {@code
 * EngineLatency OPTIONS FROM ROWS}.
 */
final class EngineLatency {
    private EngineLatency() {}

    public static void main(String[] args) throws Exception {
        Properties options = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
            options.load(reader);
        }
        long from = Long.parseLong(args[1]);
        long last = from + Long.parseLong(args[2]);
        List<Long> latencies = new ArrayList<>();
        CountDownLatch complete = new CountDownLatch(1);
        EngineRunner.run(options, records -> {
            Instant now = Instant.now();
            long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
            for (RecordChangeEvent<SourceRecord> event : records) {
                if (EngineRunner.isChange(event.record())) {
                    Struct change = (Struct) event.record().value();
                    long id = change.getStruct("after").getInt64("id");
                    if (id > from) {
                        latencies.add(micros - change.getStruct("source").getInt64("ts_us"));
                    }
                    if (id == last) {
                        complete.countDown();
                    }
                }
            }
        });
        complete.await();
        Child.done(new Figures(Percentiles.of(latencies)));
    }
}
