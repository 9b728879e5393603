package dev.tailrace.bench;

import io.debezium.connector.jdbc.JdbcSinkConnectorTask;
import io.debezium.engine.RecordChangeEvent;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The stock engine feeding Debezium's own JDBC sink task in the same process, until the target has all rows. {@code
 * EngineToSink OPTIONS URL ROWS}.
 */
final class EngineToSink {
    private EngineToSink() {}

    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        Properties options = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
            options.load(reader);
        }
        JdbcSinkConnectorTask sink = new JdbcSinkConnectorTask();
        sink.initialize(context());
        sink.start(sinkOptions(args[1]));
        long[] offset = {0};
        EngineRunner.run(options, records -> {
            sink.put(converted(records, offset));
            Throwable failure = sink.getLastProcessingException();
            if (failure != null) {
                throw new IllegalStateException("Debezium's sink failed", failure);
            }
        });
        Child.done(TargetWatch.until(args[1], Long.parseLong(args[2]), start));
    }

    /** As fast as it is documented to be: rewritten batches, and batches much larger than by default. */
    private static Map<String, String> sinkOptions(String url) {
        Map<String, String> options = new HashMap<>();
        options.put("connection.url", url + "?reWriteBatchedInserts=true");
        options.put("connection.username", "postgres");
        options.put("connection.password", "unused-here");
        options.put("insert.mode", "upsert");
        options.put("primary.key.mode", "record_key");
        options.put("delete.enabled", "true");
        options.put("schema.evolution", "none");
        options.put("collection.name.format", "orders");
        options.put("batch.size", "4096");
        return options;
    }

    private static List<SinkRecord> converted(List<RecordChangeEvent<SourceRecord>> records, long[] offset) {
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

    /** The sink asks it for nothing that it could not do without. */
    private static SinkTaskContext context() {
        return (SinkTaskContext) Proxy.newProxyInstance(
                EngineToSink.class.getClassLoader(),
                new Class<?>[] {SinkTaskContext.class},
                (proxy, method, values) -> {
                    if (method.getReturnType().isPrimitive() && method.getReturnType() != void.class) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }
}
