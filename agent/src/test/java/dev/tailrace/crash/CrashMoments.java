package dev.tailrace.crash;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.Judge;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import dev.tailrace.lifecycle.StopSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} at random moments under mixed load, starting and recovering included (I8). {@code -Dcrash.moments=100}
 * is the long form, {@code -Dcrash.seed} repeats a run's choices.
 */
@ExtendWith(ServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CrashMoments {
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    /** A shop of that many moments is closed and a new one opened, so that comparing stays short. */
    private static final int MOMENTS_OF_A_SHOP = 10;

    private final StopSignal never = new StopSignal();
    private SourceServer server;
    private EmbeddedServer warehouses;
    private Path directory;
    private CrashRig rig;

    @BeforeAll
    void start(SourceServer source, EmbeddedServer targets, @TempDir Path temporary) {
        System.out.println("crash.seed=" + SEED);
        server = source;
        warehouses = targets;
        directory = temporary;
    }

    @AfterAll
    void stop() throws Exception {
        if (rig != null) {
            rig.close();
        }
    }

    /** How many of them there are in the short form. */
    int fewMoments() {
        return 3;
    }

    LongStream moments() {
        return LongStream.rangeClosed(1, Integer.getInteger("crash.moments", fewMoments()));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void atARandomMoment(long moment) throws Exception {
        Random random = new Random(SEED + moment);
        if (rig == null || moment % MOMENTS_OF_A_SHOP == 0) {
            stop();
            rig = new CrashRig(server, warehouses, directory);
        }
        if (!rig.agent.isRunning()) {
            rig.agent.start();
        }
        try (Traffic traffic = rig.load(Traffic.Plan.mixed(3, SEED + moment, Duration.ofMillis(50), 400))) {
            int kills = 1 + random.nextInt(3);
            for (int i = 0; i < kills; i++) {
                // Short waits hit the start and the recovery, long ones the stream.
                never.pause(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 1500 : 6000)));
                rig.agent.kill();
                rig.agent.start();
            }
            rig.awaitStreaming();
            traffic.stop();
        }
        Judge.Verdict verdict = rig.verify();
        System.out.println("moment " + moment + ": " + verdict.summary() + ", " + verdict.lines() + " archived");
    }
}
