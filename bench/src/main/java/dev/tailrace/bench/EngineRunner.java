package dev.tailrace.bench;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.connect.source.SourceRecord;

/** The stock embedded engine, tuned like ours where a setting does not change what it delivers. */
final class EngineRunner {
    static final String TOPIC_PREFIX = "t";

    private EngineRunner() {}

    /** What is done with each batch. */
    @FunctionalInterface
    interface Handler {
        void handle(List<RecordChangeEvent<SourceRecord>> records) throws Exception;
    }

    /**
     * The settings beside those of the source: how it polls and where it keeps its offsets.
     *
     * @param pollMillis the longest wait for a batch to fill
     */
    static Properties tuned(Properties source, String offsets, long pollMillis) {
        Properties options = new Properties();
        options.putAll(source);
        options.setProperty("name", "anchor");
        options.setProperty("topic.prefix", TOPIC_PREFIX);
        options.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
        options.setProperty("offset.storage.file.filename", offsets);
        options.setProperty("offset.flush.interval.ms", "200");
        options.setProperty("poll.interval.ms", Long.toString(pollMillis));
        options.setProperty("max.batch.size", "4096");
        options.setProperty("max.queue.size", "16384");
        options.setProperty("max.queue.size.in.bytes", Long.toString(64L << 20));
        options.setProperty("extended.headers.enabled", "false");
        options.setProperty("tombstones.on.delete", "false");
        return options;
    }

    /** Runs until the process ends. Records come as they are, not as JSON: the cheapest form that the engine has. */
    static void run(Properties options, Handler handler) {
        DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(
                        ChangeEventFormat.of(Connect.class))
                .using(options)
                .notifying(new DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>>() {
                    @Override
                    public void handleBatch(
                            List<RecordChangeEvent<SourceRecord>> records,
                            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
                            throws InterruptedException {
                        try {
                            handler.handle(records);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        if (!records.isEmpty()) {
                            committer.markProcessed(records.get(records.size() - 1));
                        }
                        committer.markBatchFinished();
                    }
                })
                .using((DebeziumEngine.CompletionCallback) (success, message, error) -> {
                    System.err.println("the engine ended: " + message);
                    if (error != null) {
                        error.printStackTrace();
                    }
                    System.exit(1);
                })
                .build();
        Thread thread = new Thread(engine, "anchor");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether a record is a change of the table: our heartbeats leave messages in the log, which it delivers, too. */
    static boolean isChange(SourceRecord record) {
        return record.topic().endsWith(".orders");
    }
}
