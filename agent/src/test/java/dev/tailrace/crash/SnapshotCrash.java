package dev.tailrace.crash;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code kill -9} during the initial snapshot and where it hands over to the stream, while the shop is open (I8). */
@ExtendWith(ServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SnapshotCrash {

    private static final List<Arguments> WINDOWS = List.of(
            Arguments.of("capture.mid-snapshot", 2),
            Arguments.of("capture.snapshot-handover", 1),
            Arguments.of("journal.after-append", 3),
            Arguments.of("capture.mid-snapshot", 1),
            Arguments.of("journal.after-force", 2),
            Arguments.of("sink.jdbc.before-commit", 1),
            Arguments.of("sink.jdbc.mid-copy", 2));

    /** How many of the windows the suite takes. */
    int count() {
        return WINDOWS.size();
    }

    List<Arguments> windows() {
        return WINDOWS.subList(0, count());
    }

    @ParameterizedTest
    @MethodSource("windows")
    void anInterruptedSnapshotStartsOverCleanly(
            String window, int hit, SourceServer server, EmbeddedServer warehouses, @TempDir Path directory)
            throws Exception {
        try (CrashRig rig = new CrashRig(server, warehouses, directory)) {
            rig.shop.execute("INSERT INTO stock_movements (sku, quantity) " + Shop.numbers(30000)
                    + " SELECT 'before', n FROM numbers");
            rig.agent.start("-Dtailrace.failpoints=" + window + "=hold@" + hit);
            try (Traffic traffic = rig.load(Traffic.Plan.mixed(2, hit, Duration.ofMillis(20), 200))) {
                rig.killAt(window);
                rig.agent.start();
                rig.awaitStreaming();
                traffic.stop();
            }
            rig.verify();
        }
    }
}
