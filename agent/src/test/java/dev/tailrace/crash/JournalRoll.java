package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.SourceServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} while the journal begins a new file (I1, I8): at the start of the agent, and when a file is full. */
@ExtendWith(ServerExtension.class)
abstract class JournalRoll {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void midRoll(int roll, SourceServer server, EmbeddedServer warehouses, @TempDir Path directory) throws Exception {
        // The smallest budget makes the smallest files: an eighth of it.
        try (CrashRig rig = new CrashRig(
                server,
                warehouses,
                directory,
                warehouses.port(),
                List.of("max-size: 64MiB", "reserve: 64MiB", "retention: 0s"))) {
            rig.agent.start("-Dtailrace.failpoints=journal.mid-roll=hold@" + roll);
            rig.awaitStreamingOr("journal.mid-roll");
            for (int i = 0; i < 40 && !rig.agent.isAtFailpoint("journal.mid-roll"); i++) {
                rig.shop.execute("UPDATE products SET description = reverse(description)");
            }
            rig.killAt("journal.mid-roll");
            rig.agent.start();
            rig.awaitStreaming();
            assertThat(rig.verify().changes()).isPositive();
        }
    }
}
