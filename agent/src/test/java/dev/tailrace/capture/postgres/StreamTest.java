package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.EngineStatistics;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceSettings;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.Transaction;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

class StreamTest {
    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY, name text, body text)");
    }

    @Test
    void followsASnapshotByTheStreamWithoutLossOrRepetition() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'one', 'b'), (2, 'two', NULL)");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (3, 'three', 'c')", "DELETE FROM item WHERE id = 1");
            List<ChangeEvent> changes = rig.awaitChanges(2);

            assertThat(rig.snapshot())
                    .extracting(event -> CaptureRig.after(event, "name"))
                    .containsExactly("one", "two");
            assertThat(rig.snapshot()).allMatch(event -> event.operation() == Operation.READ && event.isSnapshot());
            assertThat(changes).extracting(ChangeEvent::operation).containsExactly(Operation.INSERT, Operation.DELETE);
            Row deleted = changes.get(1).before();
            assertThat(deleted.keyValues()).containsExactly(1);
            assertThat(deleted.isAbsent(1)).isTrue();
            assertThat(changes.get(0).position().source()).matches("pg-\\d+-1");
        }
    }

    @Test
    void keepsNoStatisticsOfTheStream() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'one', 'b')");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (2, 'two', NULL)", "DELETE FROM item WHERE id = 1");
            rig.awaitChanges(2);

            assertThat(EngineStatistics.of("postgres", "streaming", "TotalNumberOfCreateEventsSeen"))
                    .isZero();
        }
    }

    @Test
    void leavesAnUnchangedToastValueAbsentAndAKeyUpdateWhole() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run(
                    "ALTER TABLE item ALTER body SET STORAGE EXTERNAL",
                    "INSERT INTO item VALUES (1, 'n', repeat('x', 20000))",
                    "UPDATE item SET name = 'm' WHERE id = 1",
                    "UPDATE item SET id = 7 WHERE id = 1");
            List<ChangeEvent> changes = rig.awaitChanges(3);

            assertThat(changes).hasSize(3);
            assertThat((String) CaptureRig.after(changes.get(0), "body")).hasSize(20000);
            assertThat(changes.get(1).operation()).isEqualTo(Operation.UPDATE);
            assertThat(changes.get(1).after().isAbsent(2)).isTrue();
            ChangeEvent moved = changes.get(2);
            assertThat(moved.operation()).isEqualTo(Operation.UPDATE);
            assertThat(moved.changesKey()).isTrue();
            assertThat(moved.before().keyValues()).containsExactly(1);
            assertThat(moved.after().keyValues()).containsExactly(7);
            assertThat(moved.after().isAbsent(2)).isTrue();
        }
    }

    @Test
    void givesEveryRowOfACopyItsOwnId() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            try (Connection connection = source.connect()) {
                StringBuilder rows = new StringBuilder();
                for (int i = 0; i < 10; i++) {
                    rows.append(i).append("\tname\t\\N\n");
                }
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY item FROM STDIN", new StringReader(rows.toString()));
            }
            source.run("TRUNCATE item");
            List<ChangeEvent> changes = rig.awaitChanges(11);

            Set<String> ids = new HashSet<>();
            changes.forEach(event -> ids.add(event.id().text()));
            assertThat(ids).hasSize(11);
            assertThat(rig.transactions().get(0).events()).hasSize(10);
            assertThat(changes.get(10).operation()).isEqualTo(Operation.TRUNCATE);
        }
    }

    @Test
    void carriesABigTransactionInPartsAsOneTransaction() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item SELECT i, 'n' || i, NULL FROM generate_series(1, 20000) i");
            rig.awaitChanges(20000);

            List<Transaction> transactions = rig.transactions();
            assertThat(transactions).hasSize(1);
            assertThat(transactions.get(0).events()).hasSize(20000);
            assertThat(transactions.get(0).commitMicros()).isPositive();
        }
    }

    @Test
    void movesTheSlotWhileTheCapturedTablesAreIdle() throws Exception {
        source.run("CREATE TABLE other (id int)");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.item"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO other SELECT generate_series(1, 1000)");
            long reached = source.currentLsn();
            Eventually.await(
                    () -> rig.status() + ", confirmed " + SourceConnections.lsn(confirmed()),
                    () -> confirmed() >= reached);
            assertThat(rig.status().lagMicros()).isNotNegative();
        }
    }

    private long confirmed() {
        try {
            return source.confirmedLsn();
        } catch (java.sql.SQLException e) {
            return -1;
        }
    }

    @Test
    void streamsWithoutRowsWhenTheSnapshotIsNever() throws Exception {
        source.run("INSERT INTO item VALUES (1, 'one', 'b')");
        try (CaptureRig rig =
                CaptureRig.start(source.definition(SourceSettings.SnapshotMode.NEVER, "public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (2, 'two', 'b')");
            List<ChangeEvent> changes = rig.awaitChanges(1);
            assertThat(changes)
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(2);
            assertThat(rig.snapshot()).isEmpty();
        }
    }
}
