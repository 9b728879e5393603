package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.SourceServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code kill -9} while the journal begins a new file (I1, I8): at the start of the agent, and when a file is full. */
@ExtendWith(ServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JournalRoll {
    private static final String MID_ROLL = "journal.mid-roll";

    /** Beginnings of files, from the first on. */
    private static final CrashWindow.Chain ROLLS = CrashWindow.Chain.of(
            new CrashWindow(MID_ROLL, 1), new CrashWindow(MID_ROLL, 2), new CrashWindow(MID_ROLL, 3));

    List<CrashWindow.Chain> chains() {
        return ROLLS.taken();
    }

    @ParameterizedTest
    @MethodSource("chains")
    void midRoll(CrashWindow.Chain chain, SourceServer server, EmbeddedServer warehouses, @TempDir Path directory)
            throws Exception {
        // The smallest budget makes the smallest files: an eighth of it.
        try (CrashRig rig = new CrashRig(
                server,
                warehouses,
                directory,
                warehouses.port(),
                List.of("max-size: 64MiB", "reserve: 64MiB", "retention: 0s"))) {
            for (CrashWindow window : chain.windows()) {
                rig.startTo(CrashWindow.Chain.of(window));
                for (int i = 0; i < 40 && !rig.agent.isAtFailpoint(MID_ROLL); i++) {
                    rig.shop.execute("UPDATE products SET description = reverse(description)");
                }
                rig.killAt(MID_ROLL);
            }
            rig.agent.start();
            rig.awaitStreaming();
            assertThat(rig.verify().changes()).isPositive();
        }
    }
}
