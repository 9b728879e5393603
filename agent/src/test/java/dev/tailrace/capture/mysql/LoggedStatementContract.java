package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.config.Finding;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.server.MysqlServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that logs statements in place of rows loses no change silently, and stops nothing that is none of ours (I9). */
abstract class LoggedStatementContract {
    @TempDir
    Path directory;

    private MySqlDatabase source;
    private MySqlDatabase other;

    abstract MysqlServer server() throws Exception;

    @BeforeEach
    void databases() throws Exception {
        source = new MySqlDatabase(server());
        other = new MySqlDatabase(server());
        source.run(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40))",
                "INSERT INTO item VALUES (1, 'a'), (2, 'b')");
        other.run(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40))",
                "CREATE TABLE checksums (db CHAR(64), tbl CHAR(64), chunk INT, cnt INT, PRIMARY KEY (db, tbl, chunk))",
                "INSERT INTO item VALUES (1, 'x')");
    }

    private CaptureRig streaming() throws Exception {
        CaptureRig rig = CaptureRig.start(source.definition(), directory);
        rig.awaitState(State.STREAMING);
        Eventually.await(() -> rig.status().toString(), source::isStreaming);
        return rig;
    }

    private void refused(CaptureRig rig) throws Exception {
        rig.awaitState(State.HALTED);
        Finding told = rig.status().lastError();
        assertThat(told.code()).isEqualTo("SOURCE-BINLOG-FORMAT");
        assertThat(told.message()).contains(source.name() + ".").doesNotContain("secret");
        assertThat(told.remedy()).contains("binlog_format", "when-needed");
        assertThat(rig.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET binlog_format = STATEMENT; /* of the shop */ INSERT INTO item VALUES (3, 'secret')",
                "SET binlog_format = MIXED; INSERT INTO `item` SELECT id + 10, name FROM OTHER.item",
                "SET binlog_format = MIXED; USE OTHER; UPDATE item o JOIN HERE.item i USING (id) SET i.name = 'secret'",
                "SET binlog_format = STATEMENT; USE OTHER; WITH c AS (SELECT 1) DELETE FROM HERE.item",
                "SET binlog_format = STATEMENT; SET sql_mode = 'ANSI_QUOTES'; REPLACE LOW_PRIORITY \"item\" VALUES (1, 'z')",
                "SET binlog_format = STATEMENT; CREATE TABLE made (PRIMARY KEY (id)) SELECT * FROM item"
            })
    void aStatementOnACapturedTableStops(String session) throws Exception {
        try (CaptureRig rig = streaming()) {
            source.run(session.replace("OTHER", other.name())
                    .replace("HERE", source.name())
                    .split("; "));
            source.run("INSERT INTO item VALUES (100, 'behind')");
            refused(rig);
        }
    }

    @Test
    void aLoadedFileStopsAndSoDoesAFunction() throws Exception {
        Path file = Files.writeString(directory.resolve("rows"), "7\tseven\n");
        other.run("SET GLOBAL local_infile = ON", "SET GLOBAL log_bin_trust_function_creators = ON");
        try (CaptureRig rig = streaming();
                Connection connection = DriverManager.getConnection("jdbc:mysql://127.0.0.1:"
                        + server().port() + "/" + source.name()
                        + "?user=root&allowLoadLocalInfile=true&sslMode=DISABLED&allowPublicKeyRetrieval=true");
                Statement statement = connection.createStatement()) {
            statement.execute("SET binlog_format = STATEMENT");
            statement.execute("LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE item");
            refused(rig);
        }
        assertThat(source.query("SELECT name FROM item WHERE id = 7")).containsExactly("seven");
        source = new MySqlDatabase(server());
        source.run(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40))",
                "CREATE FUNCTION f() RETURNS INT BEGIN INSERT INTO item VALUES (8, 'eight'); RETURN 1; END");
        directory = directory.resolve("function");
        try (CaptureRig rig = streaming()) {
            source.run("SET binlog_format = STATEMENT", "SELECT f()");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-BINLOG-FORMAT");
        }
    }

    @Test
    void anXaTransactionOnACapturedTableStops() throws Exception {
        try (CaptureRig rig = streaming()) {
            xa(other, "x1", "INSERT INTO " + other.name() + ".item VALUES (11, 'a')");
            other.run("XA COMMIT 'x1'");
            source.run("INSERT INTO item VALUES (12, 'b')");
            rig.awaitChanges(1);
            xa(source, "x2", "INSERT INTO item VALUES (13, 'c')");
            source.run("XA COMMIT 'x2'");
            awaitXa(rig, source.name() + ".item");
            assertThat(rig.changes()).hasSize(1);
        }
    }

    /** One of somebody else that was prepared before the log is read, and is committed behind. */
    @Test
    void anXaTransactionOfAnotherTableStopsNothing() throws Exception {
        xa(other, "x5", "INSERT INTO " + other.name() + ".item VALUES (15, 'e')");
        try (CaptureRig rig = streaming()) {
            other.run("XA COMMIT 'x5'");
            source.run("INSERT INTO item VALUES (15, 'e')");
            rig.awaitChanges(1);
        }
    }

    /** It is committed behind the snapshot, and its rows are before it. */
    @Test
    void anXaTransactionThatWasPreparedBeforeTheSnapshotStops() throws Exception {
        xa(source, "x3", "INSERT INTO item VALUES (3, 'c')");
        try (CaptureRig rig = streaming()) {
            xa(other, "x4", "INSERT INTO " + other.name() + ".item VALUES (14, 'd')");
            source.run("FLUSH BINARY LOGS", "XA COMMIT 'x3'");
            awaitXa(rig, source.name() + ".item");
            assertThat(rig.snapshot()).noneMatch(row -> Integer.valueOf(3).equals(CaptureRig.after(row, "id")));
        }
        other.run("XA COMMIT 'x4'");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            awaitXa(rig, source.name() + ".item");
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.WHEN_NEEDED), directory)) {
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> rig.snapshot().stream()
                            .anyMatch(row ->
                                    row.after() != null && Integer.valueOf(3).equals(CaptureRig.after(row, "id"))));
        }
    }

    private static void xa(MySqlDatabase database, String id, String statement) throws Exception {
        database.run("XA START '" + id + "'", statement, "XA END '" + id + "'", "XA PREPARE '" + id + "'");
    }

    private static void awaitXa(CaptureRig rig, String subject) throws Exception {
        rig.awaitState(State.HALTED);
        assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-BINLOG-XA");
        assertThat(rig.status().lastError().subject()).isEqualTo(subject);
    }

    @Test
    void statementsOnOtherTablesStopNothing() throws Exception {
        try (CaptureRig rig = streaming()) {
            source.run(
                    "SET binlog_format = STATEMENT",
                    // as pt-table-checksum does
                    "REPLACE INTO `" + other.name() + "`.`checksums` (db, tbl, chunk, cnt) SELECT '" + source.name()
                            + "', 'item', 1, COUNT(*) FROM `" + source.name()
                            + "`.`item` FORCE INDEX(`PRIMARY`) WHERE ((`id` >= '1')) /*checksum chunk*/",
                    "UPDATE " + other.name() + ".checksums SET cnt = 1",
                    "UPDATE " + other.name() + ".checksums c JOIN " + other.name()
                            + ".item i ON i.id = c.chunk SET c.cnt = 2, i.name = 'item'",
                    "USE " + other.name(),
                    "DELETE FROM item",
                    "INSERT INTO item SELECT * FROM " + source.name() + ".item",
                    "CREATE TABLE made (PRIMARY KEY (id)) SELECT * FROM " + source.name() + ".item",
                    "/* x */ DELETE FROM made",
                    "WITH c AS (SELECT 1 AS id) DELETE FROM made WHERE id IN (SELECT id FROM c)",
                    "USE " + source.name(),
                    // nobody else's table of that name
                    "CREATE TEMPORARY TABLE temp (PRIMARY KEY (x)) SELECT 1 AS x",
                    "TRUNCATE item",
                    "DROP TEMPORARY TABLE temp",
                    "SET binlog_format = ROW",
                    "INSERT INTO item VALUES (100, 'row')");
            List<ChangeEvent> changes = rig.awaitChanges(2);
            assertThat(changes).hasSize(2);
            assertThat(changes.get(0).operation().code()).isEqualTo('t');
            assertThat(CaptureRig.after(changes.get(1), "id")).isEqualTo(100);
        }
    }

    /** The remedy does what it says: the halt stays, until a snapshot passes over it, once. */
    @Test
    void haltsAgainAtTheSamePlaceUntilASnapshotPassesOverIt() throws Exception {
        try (CaptureRig rig = streaming()) {
            source.run("SET binlog_format = STATEMENT", "UPDATE item SET name = 'secret' WHERE id = 2");
            refused(rig);
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            refused(rig);
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.WHEN_NEEDED), directory)) {
            Eventually.await(() -> rig.status().toString(), () -> rows(rig).equals(List.of("t -", "r a", "r secret")));
            source.run("INSERT INTO item VALUES (3, 'c')");
            assertThat(CaptureRig.after(rig.awaitChanges(1).get(0), "name")).isEqualTo("c");
            // whoever goes on so does not make snapshot after snapshot
            source.run("SET binlog_format = STATEMENT", "DELETE FROM item WHERE id = 3");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-BINLOG-FORMAT");
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.WHEN_NEEDED), directory)) {
            source.run("INSERT INTO item VALUES (4, 'd')");
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> rig.status().state() == State.STREAMING
                            && rig.snapshot().size() + rig.changes().size() >= 8);
            source.run("INSERT INTO item VALUES (5, 'e')");
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> rig.changes().stream().anyMatch(change -> "e".equals(CaptureRig.after(change, "name"))));
        }
    }

    private static List<String> rows(CaptureRig rig) throws Exception {
        List<String> all = rig.snapshot().stream()
                .map(event -> event.operation().code() + " "
                        + (event.after() == null ? "-" : CaptureRig.after(event, "name")))
                .toList();
        return all.subList(Math.max(0, all.lastIndexOf("t -")), all.size());
    }
}
