package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY, name text)");
    }

    private static List<String> ids(List<ChangeEvent> changes) {
        return changes.stream().map(event -> event.id().text()).toList();
    }

    @Test
    void readsOnBehindTheJournalAfterAStop() throws Exception {
        List<String> before;
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            before = ids(rig.awaitChanges(1));
        }
        source.run("INSERT INTO item VALUES (2, 'b')", "UPDATE item SET id = 3 WHERE id = 2");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            List<ChangeEvent> changes = rig.awaitChanges(3);
            source.run("INSERT INTO item VALUES (9, 'z')");
            changes = rig.awaitChanges(4);
            assertThat(changes).hasSize(4);
            assertThat(ids(changes)).startsWith(before.toArray(String[]::new)).doesNotHaveDuplicates();
            assertThat(rig.snapshot()).isEmpty();
        }
    }

    @Test
    void losesAndRepeatsNothingWhenTheWalSenderIsKilledAtRestAndInTransactions() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (0, 'first')");
            rig.awaitChanges(1);
            kill(rig);
            int expected = 1;
            for (int round = 0; round < 2; round++) {
                int base = 100_000 * (round + 1);
                try (Connection connection = source.connect();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    statement.execute("INSERT INTO item SELECT i, 'n' FROM generate_series(" + base + ", "
                            + (base + 14_999) + ") i");
                    connection.commit();
                }
                source.run("UPDATE item SET id = id + 50000 WHERE id = " + base);
                expected += 15_001;
                kill(rig);
            }
            List<ChangeEvent> changes = rig.awaitChanges(expected);

            assertThat(changes).hasSize(expected);
            Set<String> ids = new HashSet<>(ids(changes));
            assertThat(ids).hasSize(expected);
            assertThat(rig.transactions()).hasSize(5);
        }
    }

    private void kill(CaptureRig rig) throws Exception {
        Eventually.await(() -> rig.status().toString(), source::isStreaming);
        source.killWalSender();
    }

    @Test
    void confirmsNothingThatTheJournalDoesNotHold() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            for (int i = 0; i < 60; i++) {
                source.run("INSERT INTO item SELECT i, 'n' FROM generate_series(" + i * 100 + ", " + (i * 100 + 99)
                        + ") i");
                long confirmed = source.confirmedLsn();
                // what was confirmed before is durable now, at the latest: the journal never goes back
                long durable = rig.journal()
                        .durableTail()
                        .offset()
                        .orElseThrow()
                        .position()
                        .offset();
                assertThat(Long.compareUnsigned(confirmed, durable)).isLessThanOrEqualTo(0);
            }
            rig.awaitChanges(6000);
            long durable = rig.journal()
                    .durableTail()
                    .offset()
                    .orElseThrow()
                    .position()
                    .offset();
            Eventually.await(() -> "not confirmed", () -> source.confirmedLsn() >= durable);
        }
    }

    @Test
    void startsAnInterruptedSnapshotOver() throws Exception {
        source.run("INSERT INTO item SELECT i, 'old' FROM generate_series(1, 60000) i");
        List<ChangeEvent> partial;
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            Eventually.await(
                    () -> rig.status().toString(), () -> !rig.snapshot().isEmpty());
            rig.stop();
            partial = rig.snapshot();
        }
        assertThat(partial.size()).isLessThan(60000);
        source.run("DELETE FROM item WHERE id > 10");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), () -> rig.snapshot().size() >= partial.size() + 11);
            List<ChangeEvent> all = rig.snapshot();
            List<ChangeEvent> again = all.subList(partial.size(), all.size());
            assertThat(again.get(0).operation()).isEqualTo(Operation.TRUNCATE);
            assertThat(again).hasSize(11);
            assertThat(new HashSet<>(ids(all))).hasSize(all.size());
            source.run("INSERT INTO item VALUES (77, 'new')");
            assertThat(rig.awaitChanges(1)).hasSize(1);
        }
    }

    @Test
    void startsOverWithinOneProcessUnderNewIds() throws Exception {
        source.run("INSERT INTO item SELECT i, 'old' FROM generate_series(1, 60000) i");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            Eventually.await(
                    () -> rig.status().toString(), () -> !rig.snapshot().isEmpty());
            source.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname ="
                            + " '" + source.database() + "' AND backend_type IN ('client backend', 'walsender')");
            rig.awaitState(State.STREAMING);
            List<ChangeEvent> all = rig.snapshot();
            List<ChangeEvent> lastAttempt = new ArrayList<>();
            for (ChangeEvent event : all) {
                if (event.operation() == Operation.TRUNCATE) {
                    lastAttempt.clear();
                } else {
                    lastAttempt.add(event);
                }
            }
            assertThat(lastAttempt).hasSize(60000);
            assertThat(new HashSet<>(ids(all))).hasSize(all.size());
        }
    }
}
