package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.journal.Space;
import dev.tailrace.server.MysqlServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a snapshot, changes are captured from the first start on, however soon the agent ended behind it (I9). */
abstract class MySqlFirstStartContract {
    @TempDir
    Path directory;

    private MySqlDatabase source;

    abstract MysqlServer server() throws Exception;

    @BeforeEach
    void database() throws Exception {
        source = new MySqlDatabase(server());
        source.run("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40))", "INSERT INTO item VALUES (1, 'old')");
    }

    /** A first start that ends before the journal has taken anything of the engine's. */
    private void start(String... meanwhile) throws Exception {
        AtomicBoolean started = new AtomicBoolean(); // there is room for what a start writes, and for nothing behind it
        try (CaptureRig rig = CaptureRig.start(
                source.definition(SnapshotMode.NEVER),
                directory,
                journal -> MySqlGapContract.withSpace(
                        journal, () -> started.getAndSet(true) ? Space.BUDGET_USED : Space.AVAILABLE))) {
            rig.awaitState(State.BLOCKED);
            source.run(meanwhile);
            rig.stop();
            assertThat(rig.journal().durableTail().offset()).isEmpty();
        }
    }

    private static List<String> told(List<ChangeEvent> changes) throws Exception {
        return changes.stream()
                .map(change -> change.operation().code() + " " + CaptureRig.after(change, "id") + " "
                        + CaptureRig.after(change, "name"))
                .toList();
    }

    @Test
    void theSecondStartReadsFromThePlaceOfTheFirst() throws Exception {
        start("INSERT INTO item VALUES (2, 'meanwhile')");
        start("INSERT INTO item VALUES (3, 'again')", "FLUSH BINARY LOGS");
        // forth and back: each row is read by the shape that it has
        source.run(
                "ALTER TABLE item ADD COLUMN more INT FIRST",
                "INSERT INTO item VALUES (7, 4, 'wider')",
                "ALTER TABLE item DROP COLUMN more",
                "UPDATE item SET name = 'down' WHERE id = 1");
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.NEVER), directory)) {
            assertThat(told(rig.awaitChanges(4)))
                    .containsExactly("c 2 meanwhile", "c 3 again", "c 4 wider", "u 1 down");
            rig.awaitState(State.STREAMING);
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.NEVER), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (5, 'more')");
            Eventually.await(() -> rig.status().toString(), () -> rig.changes().size() >= 5);
            assertThat(told(rig.changes()))
                    .containsExactly("c 2 meanwhile", "c 3 again", "c 4 wider", "u 1 down", "c 5 more");
            assertThat(rig.snapshot()).isEmpty();
        }
    }

    @Test
    void stopsWhenTheShapesOfThePlaceAreGone() throws Exception {
        start("INSERT INTO item VALUES (2, 'meanwhile')");
        source.run("ALTER TABLE item MODIFY COLUMN name VARCHAR(50)");
        for (int round = 0; round < 2; round++) {
            try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.NEVER), directory)) {
                rig.awaitState(State.HALTED);
                assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-START-SHAPES");
                assertThat(rig.changes()).isEmpty();
            }
        }
    }

    @Test
    void stopsWhenThePlaceIsNoLongerInTheLog() throws Exception {
        start("INSERT INTO item VALUES (2, 'meanwhile')", "FLUSH BINARY LOGS");
        List<String> logs = source.query("SHOW BINARY LOGS");
        source.run("PURGE BINARY LOGS TO '" + logs.get(logs.size() - 1) + "'");
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.NEVER), directory)) {
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-BINLOG-PURGED");
        }
    }
}
