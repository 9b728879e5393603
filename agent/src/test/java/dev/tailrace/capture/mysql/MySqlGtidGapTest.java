package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
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
}
