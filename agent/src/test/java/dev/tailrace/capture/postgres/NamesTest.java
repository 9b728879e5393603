package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that regexes, lists and SQL would trip over, many tables, partitions, weak users. */
class NamesTest {
    private static final List<String> NAMES = List.of(
            "a b", "B", "a,b", "a.b", "ta\"ble", "täble €", "x\\y", "(.*)", "order", " lead", "it's", "t$1", "日本");

    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
    }

    @Test
    void capturesTablesAndColumnsOfAnyName() throws Exception {
        source.run("CREATE SCHEMA \"My, Schéma\"", "CREATE TABLE \"My, Schéma\".a (k int PRIMARY KEY)");
        List<String> tables = new ArrayList<>();
        for (String name : NAMES) {
            TableId table = new TableId("My, Schéma", name);
            String sql = SourceConnections.table(table);
            tables.add(table.toString());
            source.run(
                    "CREATE TABLE " + sql + " (\"key, 1\" int PRIMARY KEY, \"v.\"\"x\"\" \" text, \"ö 'q'\" int)",
                    "INSERT INTO " + sql + " VALUES (1, 'v', 2)");
        }
        try (CaptureRig rig = CaptureRig.start(
                source.definition(
                        tables.stream().map(name -> name.replace("*", "?")).toArray(String[]::new)),
                directory)) {
            rig.awaitState(State.STREAMING);
            for (String name : NAMES) {
                source.run("INSERT INTO " + SourceConnections.table(new TableId("My, Schéma", name))
                        + " VALUES (2, 'w', 3)");
            }
            source.run("INSERT INTO \"My, Schéma\".a VALUES (1)");
            List<ChangeEvent> changes = rig.awaitChanges(NAMES.size());
            assertThat(rig.snapshot())
                    .extracting(event -> event.table().table())
                    .containsExactlyInAnyOrderElementsOf(NAMES);
            assertThat(changes).extracting(event -> event.table().table()).containsExactlyElementsOf(NAMES);
            assertThat(changes)
                    .extracting(event -> CaptureRig.after(event, "v.\"x\" "))
                    .containsOnly("w");
        }
    }

    @Test
    void capturesAPartitionedTableAsItsRoot() throws Exception {
        source.run(
                "CREATE TABLE part (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (10) TO (20)",
                "INSERT INTO part VALUES (1, 'a'), (11, 'b')");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO part VALUES (2, 'c')", "INSERT INTO part_2 VALUES (12, 'd')");
            List<ChangeEvent> changes = rig.awaitChanges(2);
            assertThat(rig.snapshot()).hasSize(2);
            assertThat(changes).extracting(ChangeEvent::table).containsOnly(new TableId("public", "part"));
        }
    }

    @Test
    void capturesWithNoMoreThanTheRightsThatTheChecksAskFor() throws Exception {
        String user = "agent_" + source.database();
        source.run(
                "CREATE TABLE item (id int PRIMARY KEY)",
                "INSERT INTO item VALUES (1)",
                "CREATE ROLE " + user + " LOGIN PASSWORD 'w' REPLICATION",
                "GRANT SELECT ON item TO " + user,
                "CREATE PUBLICATION " + source.slot() + " FOR TABLE item WITH (publish_via_partition_root = true)");
        try (CaptureRig rig =
                CaptureRig.start(source.definition(user, "w", SnapshotMode.INITIAL, "public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (2)");
            assertThat(rig.awaitChanges(1)).hasSize(1);
            assertThat(rig.snapshot()).hasSize(1);
        }
    }

    @Test
    void capturesAThousandTables() throws Exception {
        source.run(
                "DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, v text)', i);"
                        + " END LOOP; END $$",
                "INSERT INTO t7 VALUES (1, 'x')");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO t1000 VALUES (1, 'x')", "INSERT INTO t1 VALUES (1, 'x')");
            assertThat(rig.awaitChanges(2))
                    .extracting(event -> event.table().table())
                    .containsExactly("t1000", "t1");
            assertThat(rig.snapshot()).hasSize(1);
        }
    }

    @Test
    void addsATableThatTheGlobsMatchLater() throws Exception {
        source.run("CREATE TABLE one (id int PRIMARY KEY)");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO one VALUES (1)");
            rig.awaitChanges(1);
        }
        source.run("CREATE TABLE two (id int PRIMARY KEY)", "INSERT INTO two VALUES (1)");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), source::isStreaming);
            source.run("INSERT INTO two VALUES (2)");
            List<ChangeEvent> changes = rig.awaitChanges(2);
            assertThat(changes.get(1).table().table()).isEqualTo("two");
            assertThat(CaptureRig.after(changes.get(1), "id")).isEqualTo(2);
        }
    }

    @Test
    void followsAChangedShape() throws Exception {
        source.run("CREATE TABLE one (id int PRIMARY KEY)");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run(
                    "INSERT INTO one VALUES (1)",
                    "ALTER TABLE one ADD v text DEFAULT 'd'",
                    "INSERT INTO one VALUES (2, 'x')");
            List<ChangeEvent> changes = rig.awaitChanges(2);
            assertThat(changes.get(1).schema().size()).isEqualTo(2);
            assertThat(CaptureRig.after(changes.get(1), "v")).isEqualTo("x");
        }
    }
}
