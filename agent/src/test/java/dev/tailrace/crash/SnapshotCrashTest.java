package dev.tailrace.crash;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} during the initial snapshot and where it hands over to the stream, while the shop is open (I8). */
@ExtendWith(ServerExtension.class)
class SnapshotCrashTest {

    @ParameterizedTest
    @CsvSource({
        "capture.mid-snapshot, 1",
        "capture.mid-snapshot, 2",
        "capture.snapshot-handover, 1",
        "journal.after-append, 3",
        "journal.after-force, 2",
        "sink.jdbc.before-commit, 1"
    })
    void anInterruptedSnapshotStartsOverCleanly(String window, int hit, EmbeddedServer server, @TempDir Path directory)
            throws Exception {
        try (CrashRig rig = new CrashRig(server, directory)) {
            rig.execute(
                    rig.files.source().database(),
                    "INSERT INTO stock_movements (sku, quantity) SELECT 'before', n FROM generate_series(1, 30000) n");
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
