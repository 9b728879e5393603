package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Warnings;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableSchema;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What MySQL's rows have in columns that came later than they, told by the statements of the log. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlAddedColumnsTest {
    @TempDir
    Path directory;

    private MySqlDatabase source;
    private final Warnings warnings = new Warnings();

    @BeforeEach
    void database() throws Exception {
        source = new MySqlDatabase(TestServers.mysql());
        source.run(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40), body LONGTEXT)",
                "INSERT INTO item VALUES (1, 'a', 'b')");
    }

    @AfterEach
    void detach() {
        warnings.close();
    }

    private List<String> warned() {
        return warnings.of(source.name() + ".item");
    }

    private static TableSchema last(CaptureRig rig, int changes) throws Exception {
        List<ChangeEvent> all = rig.awaitChanges(changes);
        return all.get(changes - 1).schema();
    }

    @Test
    void itIsWhatTheAddingStatementSaysWhateverCameBehind() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            rig.awaitSnapshot(1);
            source.run(
                    "ALTER TABLE item ADD COLUMN n INT DEFAULT 5 FIRST, ADD COLUMN t TEXT DEFAULT ('it''s') AFTER id",
                    "ALTER TABLE item ALTER COLUMN n SET DEFAULT 6",
                    "ALTER TABLE item ADD COLUMN z INT",
                    "ALTER TABLE item ALTER COLUMN z SET DEFAULT 9",
                    "ALTER TABLE item ADD COLUMN e ENUM('x', 'y') NOT NULL, ADD COLUMN v VARCHAR(9) NOT NULL",
                    "ALTER TABLE item CHANGE COLUMN name title VARCHAR(40) DEFAULT 'no value'",
                    "INSERT INTO item (id, e, v) VALUES (2, 'y', 'v')");
            assertThat(last(rig, 1).existing()).isEqualTo(Map.of("n", 5, "t", "it's", "e", "x", "v", ""));
            assertThat(warned()).isEmpty();
        }
    }

    @Test
    void itOutlivesTheAgentBeforeTheFirstRowOfTheShape() throws Exception {
        source.run("CREATE TABLE other (id INT PRIMARY KEY)");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            rig.awaitSnapshot(1);
            source.run("ALTER TABLE item ADD COLUMN n INT DEFAULT 5", "INSERT INTO other VALUES (1)");
            rig.awaitChanges(1);
        }
        source.run("ALTER TABLE item ALTER COLUMN n SET DEFAULT 6, ADD COLUMN m BIGINT NOT NULL DEFAULT 7");
        source.run("INSERT INTO item (id) VALUES (2)");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            assertThat(last(rig, 2).existing()).isEqualTo(Map.of("n", 5, "m", 7L));
        }
    }

    @Test
    void whatAStatementDoesNotTellIsToldToBeUnknown() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run(
                    "ALTER TABLE item ADD COLUMN u VARCHAR(40) DEFAULT (CONCAT('a', 1)), ADD COLUMN at TIMESTAMP DEFAULT"
                            + " CURRENT_TIMESTAMP, ADD COLUMN c INT NOT NULL AUTO_INCREMENT UNIQUE, ADD COLUMN s VARCHAR(9)"
                            + " DEFAULT 'a\\nb'",
                    "INSERT INTO item (id) VALUES (2)");
            assertThat(last(rig, 1).existing()).isEmpty();
            assertThat(warned())
                    .hasSize(4)
                    .allSatisfy(w -> assertThat(w).contains("SOURCE-EXISTING-UNKNOWN", "UPDATE"));
        }
    }
}
