package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.LogMeter;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.config.Finding;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Space;
import dev.tailrace.journal.Tail;
import dev.tailrace.server.MysqlServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lost changes are a loud stop, with GTIDs and without (I9), and a snapshot mends it where one is allowed to. */
abstract class MySqlGapContract {
    @TempDir
    Path directory;

    private MySqlDatabase source;

    /** Its log is purged and reset. */
    abstract MysqlServer server() throws Exception;

    MySqlDatabase source() {
        return source;
    }

    @BeforeEach
    void database() throws Exception {
        source = new MySqlDatabase(server());
        source.run("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40))", "FLUSH BINARY LOGS");
    }

    /** The end of a journal that holds one change. */
    Tail filled() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            rig.stop();
            return rig.journal().durableTail();
        }
    }

    @Test
    void tellsWhatTheServerKeepsOfItsLog() throws Exception {
        Tail tail = filled();
        source.run("SET GLOBAL binlog_expire_logs_seconds = 1000000");
        try {
            BinlogMeter meter =
                    new BinlogMeter(source.settings("root", "", SnapshotMode.INITIAL, source.name() + ".*"));
            LogMeter.Reading first = meter.read(tail).orElseThrow();
            assertThat(first.writtenBytes()).isZero();
            assertThat(first.log().limitSeconds()).isEqualTo(1_000_000);
            assertThat(first.log().leftSeconds())
                    .as("the file being written stays")
                    .isEqualTo(1_000_000);
            String body = "x".repeat(40);
            for (int i = 10; i < 60; i++) {
                source.run("INSERT INTO item VALUES (" + i + ", '" + body + "')");
                if (i == 30) {
                    source.run("FLUSH BINARY LOGS");
                }
            }
            LogMeter.Reading later = meter.read(tail).orElseThrow();
            assertThat(later.writtenBytes()).isGreaterThan(50 * 200);
            assertThat(later.log().retainedBytes() - first.log().retainedBytes())
                    .isEqualTo(later.writtenBytes());
            assertThat(later.log().leftSeconds()).isBetween(999_000L, 1_000_000L);
            source.run("SET GLOBAL binlog_expire_logs_seconds = 0");
            assertThat(meter.read(tail).orElseThrow().log().secondsLeft()).isInfinite();
            source.run("PURGE BINARY LOGS TO '" + newestFile() + "'");
            assertThat(meter.read(tail)).as("what is needed is gone").isEmpty();
        } finally {
            source.run("SET GLOBAL binlog_expire_logs_seconds = DEFAULT");
        }
    }

    private String newestFile() throws Exception {
        List<String> files = source.query("SHOW BINARY LOGS");
        return files.get(files.size() - 1);
    }

    List<String> codes(Tail tail) {
        return source.definition().preflight(Optional.of(tail)).stream()
                .map(Finding::code)
                .toList();
    }

    String newestLog() throws Exception {
        List<String> logs = source.query("SHOW BINARY LOGS");
        return logs.get(logs.size() - 1);
    }

    void purge() throws Exception {
        source.run("FLUSH BINARY LOGS");
        source.run("PURGE BINARY LOGS TO '" + newestLog() + "'");
    }

    void haltsAndIsMendedByASnapshot(String code, SourceDefinition halting, SourceDefinition mending) throws Exception {
        try (CaptureRig rig = CaptureRig.start(halting, directory)) {
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo(code);
            assertThat(rig.status().lastError().remedy()).contains("when-needed");
        }
        try (CaptureRig rig = CaptureRig.start(mending, directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), () -> rows(rig).equals(List.of("t -", "r 2")));
            source.run("INSERT INTO item VALUES (3, 'c')");
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> rig.changes().stream()
                            .anyMatch(event ->
                                    event.after() != null && Integer.valueOf(3).equals(CaptureRig.after(event, "id"))));
        }
    }

    /** Of the newest snapshot. */
    static List<String> rows(CaptureRig rig) throws Exception {
        List<String> all = rig.snapshot().stream()
                .map(event ->
                        event.operation().code() + " " + (event.after() == null ? "-" : CaptureRig.after(event, "id")))
                .toList();
        return all.subList(Math.max(0, all.lastIndexOf("t -")), all.size());
    }

    void replaceTheRow() throws Exception {
        source.run("DELETE FROM item", "INSERT INTO item VALUES (2, 'b')");
    }

    @Test
    void haltsWhenTheLogWasPurgedWhileStopped() throws Exception {
        Tail tail = filled();
        assertThat(codes(tail)).isEmpty();
        source.run("PURGE BINARY LOGS TO '" + newestLog() + "'"); // what the journal has got
        assertThat(codes(tail)).isEmpty();
        replaceTheRow();
        purge();
        assertThat(codes(tail)).containsExactly("SOURCE-BINLOG-PURGED");
        haltsAndIsMendedByASnapshot(
                "SOURCE-BINLOG-PURGED", source.definition(), source.definition(SnapshotMode.WHEN_NEEDED));
    }

    @Test
    void haltsWhenTheLogWasResetWhileStopped() throws Exception {
        Tail tail = filled();
        source.run("RESET BINARY LOGS AND GTIDS");
        replaceTheRow();
        assertThat(codes(tail)).containsExactly("SOURCE-BEHIND-JOURNAL");
        haltsAndIsMendedByASnapshot(
                "SOURCE-BEHIND-JOURNAL", source.definition(), source.definition(SnapshotMode.WHEN_NEEDED));
    }

    /** Names of files and numbers of transactions are the same again, and nothing else is. */
    @Test
    void haltsWhenTheLogWasResetAndHasGrownPastTheJournal() throws Exception {
        source.run("RESET BINARY LOGS AND GTIDS", "INSERT INTO item VALUES (0, 'z')", "DELETE FROM item");
        Tail tail = filled();
        List<String> begun = source.query("SELECT UNIX_TIMESTAMP()");
        Eventually.await(
                () -> "another second",
                () -> !source.query("SELECT UNIX_TIMESTAMP()").equals(begun));
        source.run("RESET BINARY LOGS AND GTIDS");
        replaceTheRow();
        Eventually.await(() -> "the log grows", () -> {
            source.run("DELETE FROM item WHERE id = 9", "INSERT INTO item VALUES (9, repeat('x', 40))");
            source.run("DELETE FROM item WHERE id = 9");
            return codes(tail).isEmpty();
        });
        haltsAndIsMendedByASnapshot(
                "SOURCE-BEHIND-JOURNAL", source.definition(), source.definition(SnapshotMode.WHEN_NEEDED));
    }

    /** The journal has no room, the reader is ahead of it, and what it reads is deleted behind it. */
    @Test
    void haltsWhenTheLogIsPurgedBeforeItIsJournaled() throws Exception {
        AtomicReference<Space> space = new AtomicReference<>(Space.AVAILABLE);
        try (CaptureRig rig =
                CaptureRig.start(source.definition(), directory, journal -> withSpace(journal, space::get))) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            space.set(Space.BUDGET_USED);
            source.run("INSERT INTO item VALUES (2, 'b')");
            rig.awaitState(State.BLOCKED);
            source.run("FLUSH BINARY LOGS", "INSERT INTO item VALUES (3, 'c')");
            // the server deletes no file that a reader is in
            Eventually.await(() -> rig.status().toString(), () -> {
                source.run("PURGE BINARY LOGS TO '" + newestLog() + "'");
                return source.query("SHOW BINARY LOGS").size() == 1;
            });
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-BINLOG-PURGED");
            assertThat(rig.changes()).hasSize(1);
        }
    }

    @Test
    void haltsWhenTheLogIsResetOrHidesChangesWhileItStreams() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory.resolve("reset"))) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            source.run("RESET BINARY LOGS AND GTIDS");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-BEHIND-JOURNAL");
        }
        source.run("INSERT INTO item VALUES (2, 'b')");
        try (CaptureRig rig = CaptureRig.start(source.definition(), directory.resolve("image"))) {
            rig.awaitState(State.STREAMING);
            source.run("SET GLOBAL binlog_row_image = 'MINIMAL'");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-BINLOG-ROW-IMAGE");
        } finally {
            source.run("SET GLOBAL binlog_row_image = 'FULL'");
        }
    }

    @Test
    void comparesTheServerWithTheOneThatFilledTheJournal() throws Exception {
        Tail tail = filled();
        Tail elsewhere = with(tail, MySqlGaps.UUID, "11111111-2222-3333-4444-555555555555");
        assertThat(codes(elsewhere)).isEqualTo(ofAnotherServer());
        SourceOffset offset = tail.offset().orElseThrow();
        Map<String, Object> attributes = new HashMap<>(offset.attributes());
        attributes.remove(BinlogOffset.GTIDS);
        attributes.remove(BinlogOffset.DONE);
        assertThat(codes(at(tail, new SourceOffset(offset.position(), attributes))))
                .isEqualTo(withoutGtids());
    }

    /** What a place in another server's log means. */
    abstract List<String> ofAnotherServer();

    /** What a place that was noted without GTIDs means. */
    abstract List<String> withoutGtids();

    static Tail at(Tail tail, SourceOffset offset) {
        return new Tail(
                Optional.of(offset),
                tail.snapshot(),
                tail.snapshotEpoch(),
                tail.snapshotEvents(),
                tail.source(),
                tail.sequence());
    }

    private static Tail with(Tail tail, String key, String value) {
        Map<String, String> source = new HashMap<>(tail.source());
        source.put(key, value);
        return new Tail(
                tail.offset(), tail.snapshot(), tail.snapshotEpoch(), tail.snapshotEvents(), source, tail.sequence());
    }

    static Journal withSpace(Journal journal, Supplier<Space> space) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("space") ? space.get() : method.invoke(journal, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
