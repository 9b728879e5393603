package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.Await;
import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.MySqlSourceServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What only a binary log brings: files that end, a server that starts anew, files that are gone, changes of shape (I8, I9). */
@ExtendWith(ServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BinlogCrash {
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    private static final List<String> WINDOWS =
            List.of("capture.mid-batch", "journal.after-append", "capture.before-force", "capture.after-force");
    private static final CrashWindow.Chain ENDS = CrashWindow.Chain.at(9, WINDOWS);
    private static final CrashWindow.Chain SHAPES = CrashWindow.Chain.at(15, WINDOWS);

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

    /** How many of the windows the short form takes. */
    abstract int count();

    List<CrashWindow.Chain> ends() {
        return ENDS.shortened(count()).taken();
    }

    List<CrashWindow.Chain> shapes() {
        return SHAPES.shortened(count()).taken();
    }

    private static Traffic.Plan load() {
        return Traffic.Plan.mixed(3, SEED, Duration.ofMillis(50), 400);
    }

    /** A new file begins at every look, so that each of these windows lies close to an end and a beginning. */
    @ParameterizedTest
    @MethodSource("ends")
    void whereAFileOfTheLogEnds(CrashWindow.Chain chain) throws Exception {
        rig.startTo(chain);
        try (Traffic traffic = rig.load(load())) {
            rig.dieAt(chain, server::rotateLog);
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

    /** What the agent lacks is gone: a loud stop with the way out, nothing is written to any target; and it is a way out. */
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
                .contains("set source.snapshot to when-needed and start again");
        assertThat(rig.receiver.deliveries()).isEqualTo(deliveries);

        rig.snapshotWhenNeeded();
        rig.agent.start();
        rig.awaitStreaming();
        rig.shop.execute("INSERT INTO " + Shop.GIFT_CARDS + " VALUES ('after all', 1, true, NULL)");
        rig.await("the warehouse has it", () -> rig.targetHas(Shop.GIFT_CARDS, "\"Code No.\"", "after all"));
        assertThat(rig.judge.compareWarehouse().listed()).as(rig.logs()).isEmpty();
    }

    private void load(int steps) throws Exception {
        try (Traffic traffic = rig.load(load().times(steps))) {
            Await.until("the traffic has ended", CrashRig.PATIENCE, traffic::hasEnded);
            traffic.stop();
        }
    }

    /** Columns come, go, get other names and types, and the table gets another name, while rows are written. */
    @Test
    void atChangesOfShapeWithoutACrash() throws Exception {
        atChangesOfShape(CrashWindow.Chain.of());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void atChangesOfShape(CrashWindow.Chain chain) throws Exception {
        try (Reshaping reshaping = Reshaping.open(rig.shop, rig.files.name() + "_shapes")) {
            rig.startTo(chain);
            try (Traffic traffic = rig.load(load())) {
                reshaping.round();
                rig.dieAt(chain, reshaping::round);
                rig.awaitStreaming();
                reshaping.round();
                traffic.stop();
            }
            rig.verify();
            assertThat(reshaping.wrong(rig.files.archive())).as(rig.logs()).isEmpty();
        }
    }
}
