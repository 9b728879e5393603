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

    static final List<String> WINDOWS = List.of(
            "capture.mid-batch",
            "capture.before-force",
            "capture.after-force",
            "journal.before-append",
            "journal.after-append",
            "journal.after-force",
            "pipeline.before-write",
            "pipeline.after-write",
            "pipeline.checkpoint-temp-written",
            "sink.jdbc.mid-batch",
            "sink.jdbc.before-commit",
            "sink.jdbc.after-commit",
            "sink.file.after-write",
            "sink.file.after-fsync",
            "sink.http.before-send",
            "sink.http.after-response");

    private static final List<String> INSIDE =
            List.of("capture.mid-batch", "journal.after-append", "sink.jdbc.mid-batch", "sink.jdbc.before-commit");

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
        if (++crashes % CRASHES_OF_A_SHOP == 0) {
            rig.close();
            rig = new CrashRig(server, warehouses, directory);
        }
    }

    /** All of them where a suite says nothing else. */
    List<String> windows() {
        return WINDOWS;
    }

    /** How many of the windows inside of one kind of change the suite takes. */
    int countInside() {
        return Boolean.getBoolean("crash.long") ? INSIDE.size() : 3;
    }

    List<String> windowsInside() {
        return INSIDE.subList(0, countInside());
    }

    @ParameterizedTest
    @MethodSource("windows")
    void underMixedLoad(String window) throws Exception {
        crash(window, 5, mixed());
    }

    @ParameterizedTest
    @MethodSource("windowsInside")
    void insideTenRowsOfOnePosition(String window) throws Exception {
        crash(window, 7, mixed().only(Errand.COPY));
    }

    @ParameterizedTest
    @MethodSource("windowsInside")
    void insideAChangeOfPrimaryKeys(String window) throws Exception {
        crash(window, 7, mixed().only(Errand.REKEY, Errand.FLEETING, Errand.ORDER));
    }

    @Test
    void betweenThePartsOfALargeTransaction() throws Exception {
        crash(
                "journal.between-parts",
                2,
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

    private void crash(String window, int hit, Traffic.Plan plan) throws Exception {
        rig.agent.start("-Dtailrace.failpoints=" + window + "=hold@" + hit);
        rig.awaitStreamingOr(window);
        try (Traffic traffic = rig.load(plan)) {
            rig.killAt(window);
            rig.agent.start();
            rig.awaitStreaming();
            traffic.stop();
        }
        Judge.Verdict verdict = rig.verify();
        System.out.println(window + ": " + verdict.summary() + ", " + verdict.lines() + " archived, "
                + verdict.deliveries() + " deliveries of " + verdict.received());
        rig.agent.kill();
    }

    private static Traffic.Plan mixed() {
        return Traffic.Plan.mixed(3, SEED, Duration.ofMillis(50), 400);
    }
}
