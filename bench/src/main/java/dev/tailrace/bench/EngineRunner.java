package dev.tailrace.bench;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.source.SourceRecord;

/** The stock embedded engine, tuned like ours where a setting does not change what it delivers. */
final class EngineRunner {
    static final String TOPIC_PREFIX = "t";

    private static final String OFFSETS = "offset.storage.file.filename";
    private static final int PLACED_SECONDS = 60;

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
        options.setProperty(OFFSETS, offsets);
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
        start(options, handler, (success, message, error) -> {
            System.err.println("the engine ended: " + message);
            if (error != null) {
                error.printStackTrace();
            }
            System.exit(1);
        });
    }

    /** Runs until the snapshot is over and the file of the offsets holds the place behind it. */
    static void untilPlaced(Properties options) throws InterruptedException, IOException {
        Properties marking = new Properties();
        marking.putAll(options);
        // The only record that always tells the place behind a snapshot; the run that is measured has none.
        marking.setProperty("heartbeat.interval.ms", "100");
        CompletableFuture<String> place = new CompletableFuture<>();
        DebeziumEngine<?> engine = start(
                marking,
                records -> {
                    for (RecordChangeEvent<SourceRecord> event : records) {
                        Map<String, ?> offset = event.record().sourceOffset();
                        if (offset != null && !offset.containsKey("snapshot")) {
                            place.complete(offset.toString());
                        }
                    }
                },
                (success, message, error) -> place.completeExceptionally(new IOException(message, error)));
        try {
            place.get(PLACED_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the stock engine found no place in the log", e);
        } finally {
            engine.close();
        }
        if (Files.size(Path.of(options.getProperty(OFFSETS))) == 0) {
            throw new IOException("the stock engine has not kept its place in the log");
        }
    }

    private static DebeziumEngine<?> start(
            Properties options, Handler handler, DebeziumEngine.CompletionCallback ended) {
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
                .using(ended)
                .build();
        Thread thread = new Thread(engine, "anchor");
        thread.setDaemon(true);
        thread.start();
        return engine;
    }

    /** Whether a record is a change of the table: our heartbeats leave messages in the log, which it delivers, too. */
    static boolean isChange(SourceRecord record) {
        return record.topic().endsWith(".orders");
    }
}
