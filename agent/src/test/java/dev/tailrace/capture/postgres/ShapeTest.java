package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.TableSchema;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shape and the key that changes are journaled with, where the engine alone does not know them. */
class ShapeTest {
    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY, name text, body text)");
    }

    @Test
    void aTruncationThatComesFirstLeavesTheTableItsKey() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("TRUNCATE item", "INSERT INTO item VALUES (1, 'a', 'b')");
            assertKeyed(rig.awaitChanges(2));
        }
        source.run("TRUNCATE item", "INSERT INTO item VALUES (2, 'a', 'b')", "UPDATE item SET id = 3 WHERE id = 2");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            List<ChangeEvent> changes = rig.awaitChanges(5);
            assertKeyed(changes);
            assertThat(changes.get(4).changesKey()).isTrue();
            assertThat(rig.journal().schemas()).extracting(TableSchema::version).containsExactly(1);
        }
    }

    @Test
    void changesOfATableThatIsGoneByNowKeepItsKey() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'a', 'b')");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            rig.awaitSnapshot(1);
        }
        source.run(
                "CREATE TABLE other (id int PRIMARY KEY)",
                "UPDATE item SET name = 'c'",
                "UPDATE item SET id = 2",
                "DELETE FROM item",
                "ALTER TABLE item RENAME TO renamed");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            List<ChangeEvent> changes = rig.awaitChanges(3);
            assertKeyed(changes);
            assertThat(changes)
                    .extracting(ChangeEvent::operation)
                    .containsExactly(Operation.UPDATE, Operation.UPDATE, Operation.DELETE);
            assertThat(changes.get(1).changesKey()).isTrue();
            assertThat(changes.get(1).before().isAbsent(1)).isTrue();
            assertThat(changes.get(2).before().isAbsent(1)).isTrue();
        }
    }

    @Test
    void theFirstRowOfATableWithDefaultsKeepsItsValues() throws Exception {
        source.run("CREATE TABLE defaulted (id int PRIMARY KEY DEFAULT 5, name text NOT NULL DEFAULT 'n',"
                + " at timestamptz DEFAULT now(), amount numeric(8,2) DEFAULT 1.50)");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO defaulted DEFAULT VALUES", "INSERT INTO defaulted (id) VALUES (6)");
            for (ChangeEvent event : rig.awaitChanges(2)) {
                assertThat(CaptureRig.after(event, "id")).isNotNull();
                assertThat(CaptureRig.after(event, "name")).isEqualTo("n");
                assertThat(CaptureRig.after(event, "at")).isNotNull();
                assertThat(CaptureRig.after(event, "amount")).hasToString("1.50");
            }
        }
    }

    @Test
    void aTransactionThatChangesTheShapeBackAndForthIsJournaledWithEachShape() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.transaction(
                    "INSERT INTO item VALUES (1, 'a', 'b')",
                    "ALTER TABLE item ADD COLUMN more int DEFAULT 7",
                    "INSERT INTO item VALUES (2, 'a', 'b', 8)",
                    "ALTER TABLE item DROP COLUMN more",
                    "INSERT INTO item VALUES (3, 'a', 'b')");
            List<ChangeEvent> changes = rig.awaitChanges(3);
            assertKeyed(changes);
            assertThat(changes).extracting(event -> event.schema().size()).containsExactly(3, 4, 3);
            assertThat(CaptureRig.after(changes.get(1), "more")).isEqualTo(8);
        }
    }

    private static void assertKeyed(List<ChangeEvent> changes) {
        assertThat(changes)
                .allSatisfy(event ->
                        assertThat(event.schema().key()).as("%s", event).containsExactly(0));
    }
}
