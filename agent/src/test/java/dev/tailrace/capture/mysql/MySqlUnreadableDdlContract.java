package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.server.MysqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that the server takes and the engine's parser does not, with GTIDs and without. */
abstract class MySqlUnreadableDdlContract {
    /** {@code parallel} is a word of the language only for the parser. */
    private static final String RENAME = "ALTER TABLE item RENAME COLUMN name TO parallel";

    @TempDir
    Path directory;

    private MySqlDatabase source;

    abstract MysqlServer server() throws Exception;

    @BeforeEach
    void database() throws Exception {
        source = new MySqlDatabase(server());
        source.run(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40), other VARCHAR(40))",
                "CREATE TABLE calm (id INT PRIMARY KEY)");
    }

    private CaptureRig start(Path path) throws Exception {
        CaptureRig rig = CaptureRig.start(source.definition(), path);
        rig.awaitState(State.STREAMING);
        Eventually.await(() -> rig.status().toString(), source::isStreaming);
        return rig;
    }

    private static List<String> told(List<ChangeEvent> changes) {
        return changes.stream()
                .map(event -> event.operation().code() + " " + event.table().table() + " "
                        + IntStream.range(0, event.schema().size())
                                .mapToObj(i -> event.schema().column(i).name() + "="
                                        + event.image().value(i))
                                .toList())
                .toList();
    }

    private String halted(CaptureRig rig) throws Exception {
        rig.awaitState(State.HALTED);
        assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-DDL-UNREADABLE");
        assertThat(rig.status().lastError().remedy()).contains("move the data directory away");
        return rig.status().lastError().message();
    }

    @Test
    void goesOnWithTheShapeThatTheServerHas() throws Exception {
        try (CaptureRig rig = start(directory)) {
            source.run("INSERT INTO item VALUES (1, 'a', 'b')", RENAME, "INSERT INTO item VALUES (2, 'c', 'd')");
            source.run("INSERT INTO calm VALUES (1)", "UPDATE item SET parallel = 'e' WHERE id = 1");
            rig.awaitChanges(4);
            // what the parser reads is applied to the shape that it was told
            source.run("ALTER TABLE item ADD COLUMN more INT FIRST", "INSERT INTO item VALUES (7, 3, 'f', 'g')");

            assertThat(told(rig.awaitChanges(5)))
                    .containsExactly(
                            "c item [id=1, name=a, other=b]",
                            "c item [id=2, parallel=c, other=d]",
                            "c calm [id=1]",
                            "u item [id=1, parallel=e, other=b]",
                            "c item [more=7, id=3, parallel=f, other=g]");
        }
        source.run("INSERT INTO item VALUES (8, 4, 'h', 'i')");
        try (CaptureRig rig = start(directory)) {
            assertThat(told(rig.awaitChanges(6)).get(5)).isEqualTo("c item [more=8, id=4, parallel=h, other=i]");
            assertThat(rig.status().lastError()).isNull();
        }
    }

    @Test
    void aStartThatKnowsNothingOfItMakesTheSameOfTheSameLog() throws Exception {
        try (CaptureRig rig = start(directory.resolve("one"))) {
            source.run("INSERT INTO item VALUES (1, 'a', 'b')");
            rig.awaitChanges(1);
        }
        copy(directory.resolve("one"), directory.resolve("two"));
        source.run(
                "INSERT INTO item VALUES (2, 'c', 'd')",
                // two columns of one type: nothing but the names tells that they changed places
                "ALTER TABLE item RENAME COLUMN name TO other, RENAME COLUMN other TO name, ADD COLUMN manual INT",
                "INSERT INTO item VALUES (3, 'e', 'f', 5)",
                "CREATE TABLE fresh (id INT PRIMARY KEY, manual INT)",
                "INSERT INTO fresh VALUES (1, 2)",
                "UPDATE item SET other = 'g' WHERE id = 3");
        List<ChangeEvent> first;
        try (CaptureRig rig = start(directory.resolve("one"))) {
            first = rig.awaitChanges(5);
        }
        try (CaptureRig rig = start(directory.resolve("two"))) {
            List<ChangeEvent> second = rig.awaitChanges(5);
            assertThat(told(second))
                    .isEqualTo(told(first))
                    .containsExactly(
                            "c item [id=1, name=a, other=b]",
                            "c item [id=2, name=c, other=d]",
                            "c item [id=3, other=e, name=f, manual=5]",
                            "c fresh [id=1, manual=2]",
                            "u item [id=3, other=g, name=f, manual=5]");
            assertThat(MySqlCaptureContract.ids(second)).isEqualTo(MySqlCaptureContract.ids(first));
        }
        // the shape is in the journal now, and the server has another one by now
        source.run(
                "INSERT INTO item VALUES (4, 'h', 'i', 6)", "DROP TABLE fresh", "ALTER TABLE item DROP COLUMN manual");
        try (CaptureRig rig = start(directory.resolve("two"))) {
            assertThat(told(rig.awaitChanges(6)).get(5)).isEqualTo("c item [id=4, other=h, name=i, manual=6]");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    @Test
    void haltsWhenTheServerMayHaveAYoungerShape() throws Exception {
        start(directory).close();
        source.run(
                "INSERT INTO calm VALUES (1)",
                RENAME,
                "INSERT INTO item VALUES (1, 'a', 'b')",
                "INSERT INTO calm VALUES (2)",
                "FLUSH BINARY LOGS",
                "ALTER TABLE item RENAME COLUMN parallel TO other, RENAME COLUMN other TO parallel");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            assertThat(halted(rig))
                    .contains(RENAME)
                    .containsPattern("\\(at \\S+\\.\\d{6}:\\d+, ")
                    .containsPattern(source.name() + "\\.item at \\S+\\.\\d{6}:\\d+");
            assertThat(told(rig.changes())).isSubsetOf("c calm [id=1]"); // it may still have been on its way
        }
    }

    @Test
    void haltsWhenTheTableIsGone() throws Exception {
        start(directory).close();
        source.run(RENAME, "INSERT INTO item VALUES (1, 'a', 'b')", "DROP TABLE item");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            assertThat(halted(rig)).contains("the server has no table " + source.name() + ".item");
            assertThat(rig.changes()).isEmpty();
        }
    }

    @Test
    void anUnreadableTruncationIsNotTakenForAShape() throws Exception {
        source.run("CREATE TABLE `parallel` (id INT PRIMARY KEY)", "INSERT INTO `parallel` VALUES (1)");
        try (CaptureRig rig = start(directory)) {
            source.run("TRUNCATE TABLE parallel", "INSERT INTO `parallel` VALUES (2)");
            assertThat(halted(rig)).contains("TRUNCATE TABLE parallel");
            assertThat(rig.changes()).isEmpty();
        }
    }

    @Test
    void whatIsNoBusinessOfACapturedTableStopsNothing() throws Exception {
        MySqlDatabase theirs = new MySqlDatabase(server());
        theirs.run("CREATE TABLE theirs (id INT PRIMARY KEY, a INT)");
        try (CaptureRig rig = start(directory)) {
            theirs.run("ALTER TABLE theirs RENAME COLUMN a TO parallel", "INSERT INTO theirs VALUES (1, 1)");
            source.run(
                    "CREATE LIBRARY l LANGUAGE JAVASCRIPT AS 'export function f() { return 1 }'",
                    "ALTER DATABASE READ ONLY = 0",
                    "CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT JSON_DUALITY_OBJECT('_id': id) FROM item",
                    // it would be in the way of a proof about the view, which needs none
                    "ALTER TABLE item ADD COLUMN more INT",
                    "INSERT INTO item VALUES (1, 'a', 'b', 2)");
            assertThat(told(rig.awaitChanges(1))).containsExactly("c item [id=1, name=a, other=b, more=2]");
        }
    }

    @Test
    void aShapeThatWasNotUnderstoodIsNotInheritedByACapturedTable() throws Exception {
        source.run("CREATE TABLE shadow (id INT PRIMARY KEY, a VARCHAR(40), b VARCHAR(40))");
        try (CaptureRig rig = CaptureRig.start(
                source.definition("root", "", SnapshotMode.INITIAL, source.name() + ".item"), directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), source::isStreaming);
            source.run(
                    "ALTER TABLE shadow RENAME COLUMN a TO parallel",
                    "RENAME TABLE item TO former, shadow TO item",
                    "INSERT INTO item VALUES (1, 'a', 'b')");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-SHAPE-UNKNOWN");
            assertThat(rig.changes()).isEmpty();
        }
    }
}
