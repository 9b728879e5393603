package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.capture.postgres.SourceServer;
import dev.tailrace.demo.TcpProxy;
import dev.tailrace.journal.Tail;
import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlGtidGapTest extends MySqlGapContract {
    private static MysqlServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServers.newMysql(TestServers.GTID.toArray(String[]::new));
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    MysqlServer server() {
        return server;
    }

    /** A fail-over: the same transactions are in the log of every server that has them. */
    @Override
    List<String> ofAnotherServer() {
        return List.of();
    }

    @Override
    List<String> withoutGtids() {
        return List.of("SOURCE-GTID-CHANGED");
    }

    /** The engine's log client fails when it is to begin behind no transaction at all. */
    @Test
    void waitsForTheFirstTransactionOfAServer() throws Exception {
        source().run("RESET BINARY LOGS AND GTIDS");
        try (CaptureRig rig = CaptureRig.start(source().definition(), directory)) {
            rig.awaitState(State.WAITING);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-GTID-NONE");
            source().run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitState(State.STREAMING);
            source().run("INSERT INTO item VALUES (2, 'b')");
            rig.awaitChanges(1);
            rig.stop();
            assertThat(codes(rig.journal().durableTail())).isEmpty();
        }
    }

    /** The numbers begin anew with the log: after as many other transactions all those of the journal seem executed. */
    @Test
    void isNotDeceivedByNumbersThatWereGivenTwice() throws Exception {
        source().run("RESET BINARY LOGS AND GTIDS", "INSERT INTO item VALUES (0, 'z')");
        source().run("FLUSH BINARY LOGS", "FLUSH BINARY LOGS");
        Tail tail;
        try (CaptureRig rig = CaptureRig.start(source().definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source().run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            rig.stop();
            tail = rig.journal().durableTail();
        }
        assertThat(codes(tail)).isEmpty();
        source().run("RESET BINARY LOGS AND GTIDS");
        for (int i = 2; i < 10; i++) {
            source().run("INSERT INTO item VALUES (" + i + ", 'b')");
        }
        assertThat(codes(tail)).containsExactly("SOURCE-BEHIND-JOURNAL");
    }

    // Alike without GTIDs.

    /** What it passes over stays purged while it is under way. */
    @Test
    void aSnapshotThatPassesOverAPurgedLogMayTakeLong() throws Exception {
        filled();
        replaceTheRow();
        purge();
        try (TcpProxy proxy = new TcpProxy(server().port())) {
            proxy.slow(120, 1 << 16);
            SourceDefinition slow = source().definition(proxy.port(), SnapshotMode.WHEN_NEEDED, source().name() + ".*");
            try (CaptureRig rig = CaptureRig.start(slow, directory)) {
                Eventually.await(() -> rig.status().toString(), () -> {
                    assertThat(rig.status().state()).as(rig.status().toString()).isNotEqualTo(State.HALTED);
                    return rows(rig).equals(List.of("t -", "r 2"));
                });
            }
        }
    }

    /** With GTIDs the log is read from the file before: a statement is known as executed only with what follows it. */
    @Test
    void readsOnWhenTheLastStatementIsInTheFileBefore() throws Exception {
        Tail tail = filled();
        try (CaptureRig rig = CaptureRig.start(source().definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source().run("ALTER TABLE item ADD COLUMN more INT", "FLUSH BINARY LOGS");
            String newest = newestLog();
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> BinlogOffset.file(rig.journal().durableTail().offset().orElseThrow())
                            .equals(newest));
        }
        try (CaptureRig rig = CaptureRig.start(source().definition(), directory)) {
            rig.awaitState(State.STREAMING);
            source().run("INSERT INTO item VALUES (4, 'd', 5)");
            assertThat(CaptureRig.after(rig.awaitChanges(2).get(1), "more")).isEqualTo(5);
        }
        assertThat(tail.offset()).isPresent();
    }

    @Test
    void haltsWhenTheJournalWasFilledFromPostgres() throws Exception {
        SourceServer postgres = SourceServer.newDatabase();
        postgres.run("CREATE TABLE item (id int PRIMARY KEY)");
        SourceDefinition before = postgres.definition(SnapshotMode.INITIAL, "public.*");
        try (CaptureRig rig = CaptureRig.start(before, directory)) {
            rig.awaitState(State.STREAMING);
            postgres.run("INSERT INTO item VALUES (1)");
            rig.awaitChanges(1);
        }
        postgres.dropSlot();
        source().run("INSERT INTO item VALUES (2, 'b')");
        haltsAndIsMendedByASnapshot(
                "SOURCE-TYPE-CHANGED", source().definition(), source().definition(SnapshotMode.WHEN_NEEDED));
        // and the same way back
        try (CaptureRig rig = CaptureRig.start(before, directory)) {
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-TYPE-CHANGED");
        }
        SourceDefinition again = postgres.definition(SnapshotMode.WHEN_NEEDED, "public.*");
        try (CaptureRig rig = CaptureRig.start(again, directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), () -> rows(rig).equals(List.of("t -", "r 1")));
        }
        postgres.dropSlot();
    }
}
