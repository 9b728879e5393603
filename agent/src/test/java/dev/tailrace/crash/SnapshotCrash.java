package dev.tailrace.crash;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code kill -9} during the initial snapshot and where it hands over to the stream, while the shop is open (I8). */
@ExtendWith(ServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SnapshotCrash {

    /**
     * Before the journal has the snapshot, which each of them makes the next start begin anew. That one first journals that
     * the tables are emptied: the third kill is there, the fourth behind a force of rows.
     */
    private static final CrashWindow.Chain CAPTURE = CrashWindow.Chain.of(
            new CrashWindow("capture.mid-snapshot", 2),
            new CrashWindow("journal.after-append", 3),
            new CrashWindow("capture.mid-snapshot", 1),
            new CrashWindow("journal.after-force", 4),
            new CrashWindow("capture.snapshot-handover", 1));

    private static final CrashWindow.Chain COMMIT = CrashWindow.Chain.at(1, List.of("sink.jdbc.before-commit"));
    private static final CrashWindow.Chain COPY = CrashWindow.Chain.at(2, List.of("sink.jdbc.mid-copy"));

    /** Whether the suite takes those at the target, which do not know the source. */
    boolean atTheTarget() {
        return true;
    }

    /** How many of those before the journal the short form takes. */
    int kills() {
        return CAPTURE.windows().size();
    }

    List<CrashWindow.Chain> chains() {
        return (atTheTarget() ? Stream.of(CAPTURE, COMMIT, COPY) : Stream.of(CAPTURE))
                .map(chain -> chain.shortened(kills()))
                .flatMap(chain -> chain.taken().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("chains")
    void anInterruptedSnapshotStartsOverCleanly(
            CrashWindow.Chain chain, SourceServer server, EmbeddedServer warehouses, @TempDir Path directory)
            throws Exception {
        try (CrashRig rig = new CrashRig(server, warehouses, directory)) {
            rig.shop.execute("INSERT INTO stock_movements (sku, quantity) " + Shop.numbers(30000)
                    + " SELECT 'before', n FROM numbers");
            CrashWindow first = chain.windows().get(0);
            rig.agent.start(first.option());
            try (Traffic traffic = rig.load(Traffic.Plan.mixed(2, first.hit(), Duration.ofMillis(20), 200))) {
                rig.dieAt(chain);
                rig.awaitStreaming();
                traffic.stop();
            }
            rig.verify();
        }
    }
}
