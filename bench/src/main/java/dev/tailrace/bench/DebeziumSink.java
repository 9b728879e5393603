package dev.tailrace.bench;

import io.debezium.connector.jdbc.JdbcSinkConnectorTask;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Debezium's own JDBC sink task, run in this process and as fast as it is documented to be. One thread. */
final class DebeziumSink {
    private final JdbcSinkConnectorTask task = new JdbcSinkConnectorTask();

    /**
     * Rewritten batches, and batches much larger than by default.
     *
     * @param batch records that it writes in one transaction at most
     */
    DebeziumSink(String url, int batch) {
        Map<String, String> options = new HashMap<>();
        options.put("connection.url", url + "?reWriteBatchedInserts=true");
        options.put("connection.username", "postgres");
        options.put("connection.password", "unused-here");
        options.put("insert.mode", "upsert");
        options.put("primary.key.mode", "record_key");
        options.put("delete.enabled", "true");
        options.put("schema.evolution", "none");
        options.put("collection.name.format", "orders");
        options.put("batch.size", Integer.toString(batch));
        task.initialize(context());
        task.start(options);
    }

    /** Returns when the records are committed. */
    void put(Collection<SinkRecord> records) {
        task.put(records);
        Throwable failure = task.getLastProcessingException();
        if (failure != null) {
            throw new IllegalStateException("Debezium's sink failed", failure);
        }
    }

    /** The sink asks it for nothing that it could not do without. */
    private static SinkTaskContext context() {
        return (SinkTaskContext) Proxy.newProxyInstance(
                DebeziumSink.class.getClassLoader(),
                new Class<?>[] {SinkTaskContext.class},
                (proxy, method, values) -> {
                    if (method.getReturnType().isPrimitive() && method.getReturnType() != void.class) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }
}
