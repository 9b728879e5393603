package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotEstimateTest {

    @Test
    void tellsTheRowsOfTablesWithAndWithoutStatistics() throws Exception {
        SourceServer source = SourceServer.newDatabase();
        source.run(
                "CREATE TABLE fresh (id int PRIMARY KEY, v text) WITH (autovacuum_enabled = off)",
                "INSERT INTO fresh SELECT g, repeat('x', 90) FROM generate_series(1, 40000) g",
                "CREATE TABLE \"An'alysed\" (id int PRIMARY KEY)",
                "INSERT INTO \"An'alysed\" SELECT generate_series(1, 5000)",
                "ANALYZE \"An'alysed\"",
                "INSERT INTO \"An'alysed\" SELECT generate_series(5001, 10000)",
                "CREATE TABLE none (id int PRIMARY KEY)",
                "CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE \"part'1\" PARTITION OF part FOR VALUES FROM (0) TO (1000)",
                "CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (1000) TO (2000)",
                "INSERT INTO part SELECT generate_series(0, 1999)");
        try (Connection connection = source.connect()) {
            SourceState state = SourceReader.read(connection, source.settings("public.*"));
            Map<TableId, Long> rows = SnapshotEstimate.of(connection, state.tables());
            assertThat(rows.get(new TableId("public", "fresh"))).isCloseTo(40000L, within(1000L));
            assertThat(rows.get(new TableId("public", "An'alysed"))).isCloseTo(10000L, within(500L));
            assertThat(rows).containsEntry(new TableId("public", "none"), 0L);
            assertThat(rows).containsEntry(new TableId("public", "part"), 2000L);
        }
    }
}
