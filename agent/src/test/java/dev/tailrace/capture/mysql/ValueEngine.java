package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineContexts;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.server.MysqlServer;
import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.relational.history.MemorySchemaHistory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/** The engine with the value side of this package and nothing else of the agent; it remembers nothing. */
final class ValueEngine implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Object END = new Object();

    private final String name = "values" + NUMBER.incrementAndGet();
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final Thread thread;
    private final ImpossibleDates dates;
    private volatile Throwable failure;
    private volatile boolean ended;

    ValueEngine(MysqlServer server, String database, ImpossibleDates dates) {
        this.dates = dates;
        EngineContexts.register(
                name,
                new MySqlContext(
                        "my-values",
                        new CapturedNames(List.of(database + ".*"), false),
                        new SchemaNotes(Set.of()),
                        new StreamPulse(),
                        LogBirths.unknown(),
                        new PreparedTransactions(
                                new CapturedNames(List.of(database + ".*"), false),
                                (id, file, end) -> Optional.empty()),
                        new RestatedTables(new SkippedStatements()),
                        Optional::empty,
                        Optional.empty(),
                        Map::of));
        engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(options(server, database))
                .using((success, message, error) -> failure = error)
                .notifying((records, committer) -> {
                    for (RecordChangeEvent<SourceRecord> record : records) {
                        seen.add(record.record());
                        committer.markProcessed(record);
                    }
                    committer.markBatchFinished();
                })
                .build();
        thread = new Thread(
                () -> {
                    engine.run();
                    ended = true;
                    seen.add(END);
                },
                name);
        thread.start();
    }

    private Properties options(MysqlServer server, String database) {
        Properties options = new Properties();
        options.setProperty("name", name);
        options.setProperty("connector.class", MySqlConnector.class.getName());
        options.setProperty("topic.prefix", "t");
        options.setProperty("database.hostname", "127.0.0.1");
        options.setProperty("database.port", Integer.toString(server.port()));
        options.setProperty("database.user", MysqlServer.USER);
        options.setProperty("database.password", "");
        options.setProperty("database.ssl.mode", "disabled");
        options.setProperty("driver.allowPublicKeyRetrieval", "true");
        options.setProperty("driver.sessionVariables", MySqlSnapshotQuery.SESSION_VARIABLES);
        options.setProperty("database.server.id", Integer.toString(7_000 + NUMBER.get()));
        options.setProperty("database.include.list", database);
        options.setProperty("include.schema.changes", "false");
        options.setProperty("connect.keep.alive", "false");
        options.setProperty("poll.interval.ms", "5");
        options.setProperty("snapshot.query.mode", "custom");
        options.setProperty("snapshot.query.mode.custom.name", MySqlSnapshotQuery.NAME);
        options.setProperty("converters", "raw");
        options.setProperty("raw.type", MySqlValues.class.getName());
        options.setProperty("raw." + MySqlValues.CONTEXT, name);
        options.setProperty("event.processing.failure.handling.mode", "fail");
        options.setProperty("event.converting.failure.handling.mode", "fail");
        options.setProperty("inconsistent.schema.handling.mode", "fail");
        options.setProperty("errors.max.retries", "0");
        options.setProperty("schema.history.internal", MemorySchemaHistory.class.getName());
        options.setProperty("offset.storage", MemoryOffsetBackingStore.class.getName());
        return options;
    }

    /** The columns of a row by name. */
    record Image(Map<String, MySqlColumn> columns, Map<String, Object> values) {
        Object value(String column) {
            return values.get(column);
        }
    }

    /** The row after the next change of that table. */
    Image next(String table, String operation) throws InterruptedException {
        return next(record -> record.topic().endsWith("." + table), operation);
    }

    /** The row after the next change, for a table whose name is no name of a topic. */
    Image nextOfAny(String operation) throws InterruptedException {
        return next(record -> ((Struct) record.value()).schema().field("after") != null, operation);
    }

    private Image next(Predicate<SourceRecord> wanted, String operation) throws InterruptedException {
        while (true) {
            Object next = seen.poll(200, TimeUnit.SECONDS);
            if (next == null || next == END) {
                throw new AssertionError("no row came", failure);
            }
            SourceRecord record = (SourceRecord) next;
            if (wanted.test(record)) {
                Struct value = (Struct) record.value();
                if (!value.getString("op").equals(operation)) {
                    throw new AssertionError("a change " + value.getString("op") + " in " + record.topic());
                }
                return image(value.getStruct("after"));
            }
        }
    }

    /** Why the engine ended by itself; no row may come before that. */
    Throwable failed() throws InterruptedException {
        Object next = seen.poll(200, TimeUnit.SECONDS);
        if (next != END) {
            throw new AssertionError(next == null ? "the engine goes on" : "a row came behind the failure");
        }
        return failure;
    }

    private Image image(Struct row) {
        Map<String, MySqlColumn> columns = new LinkedHashMap<>();
        Map<String, Object> values = new LinkedHashMap<>();
        for (Field field : row.schema().fields()) {
            MySqlColumn column = MySqlColumn.of(field, dates);
            columns.put(field.name(), column);
            values.put(field.name(), column.value(row.get(field)));
        }
        return new Image(columns, values);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (thread.isAlive() && !ended) {
            engine.close();
        }
        thread.join(TimeUnit.SECONDS.toMillis(60));
        EngineTables.unregister(name);
        EngineContexts.unregister(name);
    }
}
