package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.EngineStatistics;
import dev.tailrace.capture.Eventually;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.junit.jupiter.api.Test;

/** What the agent adds to its engines is found by class path: it has to leave those of others as they are. */
final class ForeignEngineTest {
    @Test
    void keepsItsStatistics() throws Exception {
        SourceServer source = SourceServer.newDatabase();
        source.run(
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "CREATE PUBLICATION foreign_engine FOR TABLE item");
        AtomicInteger seen = new AtomicInteger();
        DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(
                        ChangeEventFormat.of(Connect.class))
                .using(options(source))
                .notifying(record -> seen.incrementAndGet())
                .build();
        Thread thread = new Thread(engine, "foreign-engine");
        thread.start();
        try {
            Eventually.await(() -> "the engine streams", source::isStreaming);
            source.run("INSERT INTO item VALUES (1, 'one')", "INSERT INTO item VALUES (2, 'two')");
            Eventually.await(() -> seen + " records", () -> seen.get() >= 2);

            assertThat(EngineStatistics.of("postgres", "streaming", "TotalNumberOfCreateEventsSeen"))
                    .isEqualTo(2);
        } finally {
            engine.close();
            thread.join();
        }
    }

    private static Properties options(SourceServer source) {
        Properties options = new Properties();
        options.setProperty("name", "foreign");
        options.setProperty("connector.class", PostgresConnector.class.getName());
        options.setProperty("topic.prefix", "t");
        options.setProperty("database.hostname", "localhost");
        options.setProperty("database.port", Integer.toString(SourceServer.port()));
        options.setProperty("database.user", "postgres");
        options.setProperty("database.password", "postgres");
        options.setProperty("database.dbname", source.database());
        options.setProperty("plugin.name", "pgoutput");
        options.setProperty("publication.name", "foreign_engine");
        options.setProperty("publication.autocreate.mode", "disabled");
        options.setProperty("slot.name", source.slot());
        options.setProperty("slot.drop.on.stop", "true");
        options.setProperty("snapshot.mode", "no_data");
        options.setProperty("offset.storage", MemoryOffsetBackingStore.class.getName());
        return options;
    }
}
