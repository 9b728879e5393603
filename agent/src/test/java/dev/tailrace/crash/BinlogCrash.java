package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.Await;
import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.MySqlSourceServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a binary log brings: files that end, a server that starts anew, files that are gone, changes of shape (I8, I9). */
@ExtendWith(ServerExtension.class)
abstract class BinlogCrash {
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    private MySqlSourceServer server;
    private CrashRig rig;

    @BeforeEach
    void start(SourceServer source, EmbeddedServer warehouses, @TempDir Path directory) throws Exception {
        System.out.println("crash.seed=" + SEED);
        server = (MySqlSourceServer) source;
        rig = new CrashRig(server, warehouses, directory);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private static Traffic.Plan load() {
        return Traffic.Plan.mixed(3, SEED, Duration.ofMillis(20), 400);
    }

    /** A new file begins at every look, so that each of these windows lies close to an end and a beginning. */
    @ParameterizedTest
    @ValueSource(strings = {"capture.mid-batch", "capture.before-force", "journal.after-append", "capture.after-force"})
    void whereAFileOfTheLogEnds(String window) throws Exception {
        rig.agent.start("-Dtailrace.failpoints=" + window + "=hold@9");
        rig.awaitStreamingOr(window);
        try (Traffic traffic = rig.load(load())) {
            rig.await("the agent comes to " + window, () -> {
                server.rotateLog();
                return rig.agent.isAtFailpoint(window);
            });
            rig.agent.kill();
            server.rotateLog();
            rig.agent.start();
            rig.awaitStreaming();
            server.rotateLog();
            traffic.stop();
        }
        server.rotateLog();
        rig.verify();
    }

    /** Stopped and started, then killed and recovered, while the shop is open: the agent waits and goes on. */
    @Test
    void theServerStartsAnewUnderLoad() throws Exception {
        rig.agent.start();
        rig.awaitStreaming();
        try (Traffic traffic = rig.load(load().acrossOutages())) {
            for (int round = 0; round < 2; round++) {
                awaitDeliveries();
                server.restart();
                rig.awaitStreaming();
                awaitDeliveries();
                server.crash();
                rig.awaitStreaming();
            }
            traffic.stop();
        }
        rig.verify();
    }

    /** Both are killed, and the server comes back first. */
    @Test
    void serverAndAgentAreKilledTogether() throws Exception {
        rig.agent.start();
        rig.awaitStreaming();
        try (Traffic traffic = rig.load(load().acrossOutages())) {
            awaitDeliveries();
            rig.agent.kill();
            server.crash();
            rig.agent.start();
            rig.awaitStreaming();
            traffic.stop();
        }
        rig.verify();
    }

    private void awaitDeliveries() throws Exception {
        long before = rig.receiver.deliveries();
        rig.await("more deliveries", () -> rig.receiver.deliveries() > before + 100);
    }

    /** What the agent lacks is gone: a loud stop with the way out, and nothing is written to any target. */
    @Test
    void aPurgedLogStopsTheAgentWithTheRemedy() throws Exception {
        rig.agent.start();
        rig.awaitStreaming();
        load(20);
        rig.verify();
        assertThat(rig.agent.stop()).as(rig.logs()).isIn(0, 143);
        load(20);
        rig.truth.read();
        server.purgeLog();
        long deliveries = rig.receiver.deliveries();

        rig.agent.start();
        Await.until("the agent ends", CrashRig.PATIENCE, () -> !rig.agent.isRunning());
        assertThat(rig.agent.exitCode()).as(rig.logs()).isEqualTo(3);
        assertThat(Files.readString(rig.agent.output()) + Files.readString(rig.agent.errors()))
                .contains("SOURCE-BINLOG-PURGED")
                .contains("snapshot: when-needed");
        assertThat(rig.receiver.deliveries()).isEqualTo(deliveries);
    }

    private void load(int steps) throws Exception {
        try (Traffic traffic = rig.load(load().times(steps))) {
            Await.until("the traffic has ended", CrashRig.PATIENCE, traffic::hasEnded);
            traffic.stop();
        }
    }

    /** Columns come, go, get other names and types, and the table gets another name, while rows are written. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "capture.mid-batch", "capture.before-force", "journal.after-append", "capture.after-force"})
    void atChangesOfShape(String window) throws Exception {
        try (Reshaping reshaping = Reshaping.open(rig.shop, rig.files.name() + "_shapes")) {
            rig.agent.start(
                    window.isEmpty() ? new String[0] : new String[] {"-Dtailrace.failpoints=" + window + "=hold@15"});
            rig.awaitStreamingOr(window);
            try (Traffic traffic = rig.load(load())) {
                reshaping.round();
                if (!window.isEmpty()) {
                    rig.await("the agent comes to " + window, () -> {
                        reshaping.round();
                        return rig.agent.isAtFailpoint(window);
                    });
                    rig.agent.kill();
                    reshaping.round();
                    rig.agent.start();
                    rig.awaitStreaming();
                }
                reshaping.round();
                traffic.stop();
            }
            rig.verify();
            assertThat(reshaping.wrong(rig.files.archive())).as(rig.logs()).isEmpty();
        }
    }
}
