package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.config.Finding;
import dev.tailrace.event.TableId;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dot in a name is no end of it. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class DottedNamesTest {
    @TempDir
    Path directory;

    @Test
    void databasesAndTablesWithDotsAreCaptured() throws Exception {
        MySqlDatabase source = new MySqlDatabase(TestServers.mysql());
        String database = "my." + source.name() + "-1";
        String table = "`" + database + "`.`or.ders`";
        source.run(
                "CREATE DATABASE `" + database + "`",
                "CREATE TABLE " + table + " (id INT PRIMARY KEY)",
                "INSERT INTO " + table + " VALUES (1)",
                "CREATE TABLE plain (id INT PRIMARY KEY)",
                "CREATE TABLE `a.b` (id INT PRIMARY KEY)",
                "INSERT INTO `a.b` VALUES (3)");
        SourceDefinition definition =
                source.definition("root", "", SnapshotMode.INITIAL, database + ".*", source.name() + ".a.b");
        try (CaptureRig rig = CaptureRig.start(definition, directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), () -> rig.snapshot().size() == 2);
            source.run(
                    "INSERT INTO plain VALUES (0)",
                    "INSERT INTO " + table + " VALUES (2)",
                    "ALTER TABLE " + table + " ADD COLUMN n INT");
            rig.awaitChanges(1);
        }
        source.run(
                "INSERT INTO " + table + " VALUES (4, 40)",
                "CREATE TABLE `" + database + "`.later (id INT PRIMARY KEY)",
                "INSERT INTO `" + database + "`.later VALUES (5)",
                "INSERT INTO `a.b` VALUES (6)");
        try (CaptureRig rig = CaptureRig.start(definition, directory)) {
            rig.awaitChanges(4);
            assertThat(rig.changes())
                    .extracting(change -> change.table() + " " + CaptureRig.after(change, "id"))
                    .containsExactly(
                            new TableId(database, "or.ders") + " 2",
                            new TableId(database, "or.ders") + " 4",
                            new TableId(database, "later") + " 5",
                            new TableId(source.name(), "a.b") + " 6");
        }
    }

    @Test
    void aGlobThatMatchesNothingIsToldThoughOthersMatch() throws Exception {
        MySqlDatabase source = new MySqlDatabase(TestServers.mysql());
        source.run("CREATE TABLE item (id INT PRIMARY KEY)");
        List<Finding> findings = source.definition(
                        "root", "", SnapshotMode.INITIAL, source.name() + ".item", source.name() + ".itme")
                .preflight(Optional.empty());
        assertThat(findings).extracting(Finding::code).containsExactly("SOURCE-GLOB-UNMATCHED");
        assertThat(findings.get(0).severity()).isEqualTo(Finding.Severity.WARNING);
        assertThat(findings.get(0).message()).contains(source.name() + ".itme");
    }
}
