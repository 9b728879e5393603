package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.EngineStatistics;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Transaction;
import dev.tailrace.server.MysqlServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for a MySQL source with GTIDs and without. */
abstract class MySqlCaptureContract {
    @TempDir
    Path directory;

    private MySqlDatabase source;

    abstract MysqlServer server() throws Exception;

    MySqlDatabase source() {
        return source;
    }

    @BeforeEach
    void database() throws Exception {
        source = new MySqlDatabase(server());
        source.run("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40), body LONGTEXT)");
    }

    static List<String> ids(List<ChangeEvent> changes) {
        return changes.stream().map(event -> event.id().text()).toList();
    }

    private static List<String> told(List<ChangeEvent> changes) {
        return changes.stream()
                .map(event -> event.operation().code() + " "
                        + (event.before() == null ? "-" : event.before().value(0)) + " "
                        + (event.after() == null
                                ? "-"
                                : CaptureRig.after(event, "id") + ":" + CaptureRig.after(event, "name")))
                .toList();
    }

    @Test
    void takesASnapshotAndStreamsEveryKindOfChange() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'one', NULL), (2, 'two', REPEAT('x', 100000))");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            rig.awaitSnapshot(2);
            source.transaction(
                    "INSERT INTO item VALUES (3, 'three', NULL), (4, 'four', 'b')",
                    "UPDATE item SET name = 'TWO' WHERE id = 2",
                    "UPDATE item SET id = 10 WHERE id = 1",
                    "DELETE FROM item WHERE id = 3");
            source.run("TRUNCATE TABLE item", "INSERT INTO item VALUES (5, 'five', NULL)");
            List<ChangeEvent> changes = rig.awaitChanges(7);

            assertThat(told(changes))
                    .containsExactly(
                            "c - 3:three", "c - 4:four", "u 2 2:TWO", "u 1 10:one", "d 3 -", "t - -", "c - 5:five");
            assertThat(ids(changes)).doesNotHaveDuplicates();
            assertThat(rig.transactions()).extracting(t -> t.events().size()).containsExactly(5, 1, 1);
            assertThat(changes.get(2).after().value(2)).isEqualTo("x".repeat(100000));
            assertThat(changes.get(2).before().isAbsent(1)).isFalse();
        }
    }

    @Test
    void keepsNoStatisticsOfTheStream() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'one', NULL)");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (2, 'two', NULL)", "DELETE FROM item WHERE id = 1");
            rig.awaitChanges(2);

            assertThat(EngineStatistics.of("mysql", "snapshot", "TotalNumberOfEventsSeen"))
                    .isEqualTo(1);
            assertThat(EngineStatistics.of("mysql", "streaming", "TotalNumberOfCreateEventsSeen"))
                    .isZero();
        }
    }

    @Test
    void readsOnBehindTheJournalAfterAStop() throws Exception {
        List<String> before;
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a', NULL)");
            before = ids(rig.awaitChanges(1));
        }
        source.run("INSERT INTO item VALUES (2, 'b', NULL)", "UPDATE item SET id = 3 WHERE id = 2");
        for (int round = 0; round < 3; round++) {
            try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
                rig.awaitState(State.STREAMING);
                List<ChangeEvent> changes = rig.awaitChanges(3 + round);
                source.run("INSERT INTO item VALUES (" + (90 + round) + ", 'z', NULL)");
                changes = rig.awaitChanges(4 + round);
                assertThat(changes).hasSize(4 + round);
                assertThat(ids(changes))
                        .startsWith(before.toArray(String[]::new))
                        .doesNotHaveDuplicates();
                assertThat(rig.snapshot()).isEmpty();
            }
        }
    }

    @Test
    void aResentTruncationIsNotTakenTwice() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'a', NULL)");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("TRUNCATE TABLE item");
            rig.awaitChanges(1);
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (2, 'b', NULL)");
            assertThat(told(rig.awaitChanges(2))).containsExactly("t - -", "c - 2:b");
        }
    }

    @Test
    void losesAndRepeatsNothingWhenTheReaderIsKilledAtRestAndInTransactions() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (0, 'first', NULL)");
            rig.awaitChanges(1);
            kill(rig);
            int expected = 1;
            for (int round = 0; round < 4; round++) {
                int base = 100_000 * (round + 1);
                try (Connection connection = source.connect();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    for (int part = 0; part < 15; part++) {
                        StringBuilder sql = new StringBuilder("INSERT INTO item VALUES ");
                        for (int i = 0; i < 1000; i++) {
                            sql.append(i == 0 ? "(" : ",(")
                                    .append(base + part * 1000 + i)
                                    .append(",'n',NULL)");
                        }
                        statement.execute(sql.toString());
                    }
                    connection.commit();
                }
                source.run("UPDATE item SET id = id + 50000 WHERE id = " + base);
                expected += 15_001;
                kill(rig);
            }
            List<ChangeEvent> changes = rig.awaitChanges(expected);

            assertThat(changes).hasSize(expected);
            assertThat(new HashSet<>(ids(changes))).hasSize(expected);
            assertThat(rig.transactions()).hasSize(9);
        }
    }

    private void kill(CaptureRig rig) throws Exception {
        Eventually.await(() -> rig.status().toString(), source::isStreaming);
        source.killReaders();
    }

    @Test
    void startsAnInterruptedSnapshotOver() throws Exception {
        source.run("SET SESSION cte_max_recursion_depth = 100000", "SELECT 1");
        fill(60_000);
        List<ChangeEvent> partial;
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            Eventually.await(
                    () -> rig.status().toString(), () -> !rig.snapshot().isEmpty());
            rig.stop();
            partial = rig.snapshot();
        }
        assertThat(partial.size()).isLessThan(60_000);
        source.run("DELETE FROM item WHERE id > 10");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), () -> rig.snapshot().size() >= partial.size() + 11);
            List<ChangeEvent> all = rig.snapshot();
            List<ChangeEvent> again = all.subList(partial.size(), all.size());
            assertThat(again.get(0).operation()).isEqualTo(Operation.TRUNCATE);
            assertThat(again).hasSize(11);
            assertThat(new HashSet<>(ids(all))).hasSize(all.size());
            source.run("INSERT INTO item VALUES (77, 'new', NULL)");
            assertThat(rig.awaitChanges(1)).hasSize(1);
        }
    }

    private void fill(int rows) throws Exception {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION cte_max_recursion_depth = " + (rows + 1));
            statement.execute(
                    "INSERT INTO item WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < "
                            + rows + ") SELECT i, 'old', NULL FROM n");
        }
    }

    @Test
    void streamsFromNowOnWithoutTheRowsThatAreThere() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'old', NULL)");
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.NEVER), directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), source::isStreaming);
            source.run("TRUNCATE TABLE item", "INSERT INTO item VALUES (2, 'new', NULL)");
            assertThat(told(rig.awaitChanges(2))).containsExactly("t - -", "c - 2:new");
            assertThat(rig.snapshot()).isEmpty();
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.NEVER), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (3, 'more', NULL)");
            assertThat(told(rig.awaitChanges(3))).containsExactly("t - -", "c - 2:new", "c - 3:more");
        }
    }

    @Test
    void decodesEveryRowByTheShapeThatItHad() throws Exception {
        source.run(
                "CREATE TABLE other (id INT PRIMARY KEY, a INT, b VARCHAR(10))",
                "INSERT INTO other VALUES (1, 1, 'x')");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            rig.awaitSnapshot(1);
            source.run("INSERT INTO other VALUES (2, 2, 'y')");
            rig.awaitChanges(1);
        }
        // all of it while nobody looks: rows of five shapes follow each other in the log
        source.run(
                "ALTER TABLE other ADD COLUMN c DECIMAL(10,2) AFTER a",
                "INSERT INTO other VALUES (3, 3, 3.50, 'z')",
                "ALTER TABLE other RENAME COLUMN a TO amount",
                "INSERT INTO other VALUES (4, 4, 4.50, 'u')",
                "ALTER TABLE other MODIFY COLUMN amount BIGINT NULL",
                "ALTER TABLE other DROP COLUMN c");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO other VALUES (5, 5, 'v')");
            rig.awaitChanges(4);
            source.run("RENAME TABLE other TO renamed", "INSERT INTO renamed VALUES (6, 6, 'w')");
            rig.awaitChanges(5);
        }
        source.run("CREATE TABLE fresh (k VARCHAR(5) PRIMARY KEY)", "INSERT INTO fresh VALUES ('f')");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO renamed VALUES (7, 7, 'x')");
            List<Map<String, Object>> rows =
                    rig.awaitChanges(7).stream().map(MySqlCaptureContract::row).toList();
            assertThat(rows)
                    .containsExactly(
                            Map.of("id", 2, "a", 2, "b", "y"),
                            Map.of("id", 3, "a", 3, "c", new java.math.BigDecimal("3.50"), "b", "z"),
                            Map.of("id", 4, "amount", 4, "c", new java.math.BigDecimal("4.50"), "b", "u"),
                            Map.of("id", 5, "amount", 5L, "b", "v"),
                            Map.of("id", 6, "amount", 6L, "b", "w"),
                            Map.of("k", "f"),
                            Map.of("id", 7, "amount", 7L, "b", "x"));
            assertThat(rig.transactions())
                    .extracting(t -> t.events().get(0).table().table())
                    .containsExactly("other", "other", "other", "other", "renamed", "fresh", "renamed");
        }
    }

    private static Map<String, Object> row(ChangeEvent event) {
        Map<String, Object> row = new java.util.HashMap<>();
        for (int i = 0; i < event.schema().size(); i++) {
            row.put(
                    event.schema().column(i).name(),
                    Objects.requireNonNull(event.image().value(i)));
        }
        return row;
    }

    @Test
    void aTableMadeFromAQueryIsCapturedWithItsRows() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'a', NULL), (2, 'b', NULL)");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("CREATE TABLE copy (PRIMARY KEY (id)) AS SELECT id, name FROM item");
            rig.awaitChanges(2);
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO copy VALUES (3, 'c')");
            assertThat(told(rig.awaitChanges(3))).containsExactly("c - 1:a", "c - 2:b", "c - 3:c");
        }
    }

    @Test
    void ddlThatCannotBeParsedAndTablesOfOthersStopNothing() throws Exception {
        MySqlDatabase other = new MySqlDatabase(server());
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            other.run("CREATE TABLE theirs (id INT PRIMARY KEY)", "INSERT INTO theirs VALUES (1)");
            source.run(
                    "CREATE PROCEDURE p() BEGIN DECLARE x INT DEFAULT 1; SET x = x + 1; END",
                    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM item WHERE id < 0",
                    "CREATE VIEW v AS SELECT id FROM item",
                    "CREATE SPATIAL REFERENCE SYSTEM "
                            + (1_000_000_000 + Math.abs(source.name().hashCode() % 1000))
                            + " NAME '" + source.name() + "' DEFINITION 'GEOGCS[\"x\",DATUM[\"y\",SPHEROID[\"z\","
                            + "6378137,298.25]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.017],"
                            + "AXIS[\"Lat\",NORTH],AXIS[\"Lon\",EAST]]'",
                    "CREATE USER IF NOT EXISTS 'u_" + source.name() + "'@'%' IDENTIFIED BY 'secret'",
                    "INSERT INTO item VALUES (1, 'a', NULL)");
            assertThat(told(rig.awaitChanges(1))).containsExactly("c - 1:a");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "binlog_row_value_options = 'PARTIAL_JSON', SOURCE-BINLOG-PARTIAL-JSON",
                "binlog_transaction_compression = ON, SOURCE-BINLOG-COMPRESSED"
            })
    void stopsAtWhatASessionLogsInAnUnreadableForm(String setting, String code) throws Exception {
        source.run(
                "CREATE TABLE doc (id INT PRIMARY KEY, j JSON)",
                "INSERT INTO doc VALUES (1, JSON_OBJECT('a', 1, 'b', REPEAT('x', 5000)))");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), source::isStreaming);
            source.run("SET SESSION " + setting, "UPDATE doc SET j = JSON_SET(j, '$.a', 2)");
            source.run("INSERT INTO item VALUES (1, 'behind', NULL)");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo(code);
            assertThat(rig.changes()).isEmpty();
        }
    }

    @Test
    void countsDatesThatNoCalendarHasOfSnapshotAndStream() throws Exception {
        String free = "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'";
        source.run(
                free, "CREATE TABLE dated (id INT PRIMARY KEY, d DATE)", "INSERT INTO dated VALUES (1, '0000-00-00')");
        SourceDefinition definition = source.definition();
        try (CaptureRig rig = CaptureRig.start(definition, directory)) {
            rig.awaitState(State.STREAMING);
            source.run(free, "INSERT INTO dated VALUES (2, '2024-02-31'), (3, '2024-02-29')");
            rig.awaitChanges(2);
            assertThat(definition.zeroDates()).containsExactly(Map.entry(source.name() + ".dated", 2L));
        }
    }

    @Test
    void movesOnWhileOnlyOthersWrite() throws Exception {
        MySqlDatabase other = new MySqlDatabase(server());
        other.run("CREATE TABLE theirs (id INT PRIMARY KEY)");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a', NULL)");
            rig.awaitChanges(1);
            String before = rig.status().position();
            other.run("INSERT INTO theirs VALUES (1)", "FLUSH BINARY LOGS", "INSERT INTO theirs VALUES (2)");
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> rig.status().position().compareTo(before) > 0
                            && !rig.status().position().substring(0, 6).equals(before.substring(0, 6)));
            List<Transaction> transactions = rig.transactions();
            assertThat(transactions).hasSize(1);
        }
    }
}
