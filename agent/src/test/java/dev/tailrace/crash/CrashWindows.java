package dev.tailrace.crash;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.Errand;
import dev.tailrace.demo.Judge;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} at every named instruction between the source and its targets (I1, I2, I3, I5, I8). One agent lives
 * through several of them, so that each crash meets what the earlier ones left.
 */
@ExtendWith(ServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CrashWindows {
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    /** From the source to the journal: what differs between the sources. */
    static final CrashWindow.Chain JOURNALING = CrashWindow.Chain.at(
            5,
            List.of(
                    "capture.mid-batch",
                    "capture.before-force",
                    "capture.after-force",
                    "journal.before-append",
                    "journal.after-append",
                    "journal.after-force"));

    private static final CrashWindow.Chain PIPELINE = CrashWindow.Chain.at(
            5, List.of("pipeline.before-write", "pipeline.after-write", "pipeline.checkpoint-temp-written"));

    private static final CrashWindow.Chain JDBC = CrashWindow.Chain.at(
            5, List.of("sink.jdbc.mid-batch", "sink.jdbc.before-commit", "sink.jdbc.after-commit"));

    private static final CrashWindow.Chain APPENDING = CrashWindow.Chain.at(
            5,
            List.of(
                    "sink.file.after-write",
                    "sink.file.after-fsync",
                    "sink.http.before-send",
                    "sink.http.after-response"));

    private static final CrashWindow.Chain INSIDE = CrashWindow.Chain.at(
            7, List.of("capture.mid-batch", "journal.after-append", "sink.jdbc.mid-batch", "sink.jdbc.before-commit"));

    /** An agent that lived through that many is followed by a new one, so that comparing stays short. */
    private static final int CRASHES_OF_A_SHOP = 8;

    private SourceServer server;
    private EmbeddedServer warehouses;
    private Path directory;
    private CrashRig rig;
    private int crashes;

    @BeforeAll
    void start(SourceServer source, EmbeddedServer targets, @TempDir Path temporary) throws Exception {
        System.out.println("crash.seed=" + SEED);
        server = source;
        warehouses = targets;
        directory = temporary;
        rig = new CrashRig(server, warehouses, directory);
    }

    @AfterAll
    void stop() throws Exception {
        if (rig != null) {
            rig.close();
        }
    }

    @BeforeEach
    void rest() throws Exception {
        rig.agent.killIfRunning();
        if (crashes >= CRASHES_OF_A_SHOP) {
            crashes = 0;
            rig.close();
            rig = new CrashRig(server, warehouses, directory);
        }
    }

    /** All of them where a suite says nothing else. */
    List<CrashWindow.Chain> chains() {
        return List.of(JOURNALING, PIPELINE, JDBC, APPENDING);
    }

    List<CrashWindow.Chain> chainsTaken() {
        return chains().stream().flatMap(chain -> chain.taken().stream()).toList();
    }

    /** How many of those inside of one kind of change the short form takes. */
    int inside() {
        return INSIDE.windows().size();
    }

    List<CrashWindow.Chain> chainsInside() {
        return INSIDE.shortened(inside()).taken();
    }

    @ParameterizedTest
    @MethodSource("chainsTaken")
    void underMixedLoad(CrashWindow.Chain chain) throws Exception {
        crash(chain, mixed());
    }

    @ParameterizedTest
    @MethodSource("chainsInside")
    void insideTenRowsOfOnePosition(CrashWindow.Chain chain) throws Exception {
        crash(chain, mixed().only(Errand.COPY));
    }

    @ParameterizedTest
    @MethodSource("chainsInside")
    void insideAChangeOfPrimaryKeys(CrashWindow.Chain chain) throws Exception {
        crash(chain, mixed().only(Errand.REKEY, Errand.FLEETING, Errand.ORDER));
    }

    @Test
    void betweenThePartsOfALargeTransaction() throws Exception {
        crash(
                CrashWindow.Chain.at(2, List.of("journal.between-parts")),
                Traffic.Plan.mixed(1, SEED, Duration.ofMillis(5), 4000)
                        .only(Errand.BULK)
                        .times(3));
    }

    /** The connection dies, not the agent: the engine's own restart must be as good as ours. */
    @Test
    void whoSendsTheLogIsKilled() throws Exception {
        rig.agent.start();
        rig.awaitStreaming();
        try (Traffic traffic = rig.load(mixed())) {
            for (int i = 0; i < 3; i++) {
                rig.await("somebody sends the log", () -> rig.shop.sender(rig.files) != null);
                String sender = rig.shop.sender(rig.files);
                rig.shop.endSender(sender);
                rig.await("another one sends the log", () -> {
                    String next = rig.shop.sender(rig.files);
                    return next != null && !next.equals(sender);
                });
            }
            traffic.stop();
        }
        rig.verify();
        rig.agent.kill();
    }

    private void crash(CrashWindow.Chain chain, Traffic.Plan plan) throws Exception {
        crashes += chain.windows().size();
        rig.startTo(chain);
        try (Traffic traffic = rig.load(plan)) {
            rig.dieAt(chain);
            rig.awaitStreaming();
            traffic.stop();
        }
        Judge.Verdict verdict = rig.verify();
        System.out.println(chain + ": " + verdict.summary() + ", " + verdict.lines() + " archived, "
                + verdict.deliveries() + " deliveries of " + verdict.received());
        rig.agent.kill();
    }

    private static Traffic.Plan mixed() {
        return Traffic.Plan.mixed(3, SEED, Duration.ofMillis(50), 400);
    }
}
