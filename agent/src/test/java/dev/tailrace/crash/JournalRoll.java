package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.SourceServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code kill -9} while the journal begins a new file (I1, I8): at the start of the agent, and when a file is full. */
@ExtendWith(ServerExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JournalRoll {

    /** How many beginnings of files the suite takes, from the first on. */
    int rolls() {
        return 3;
    }

    IntStream hits() {
        return IntStream.rangeClosed(1, rolls());
    }

    @ParameterizedTest
    @MethodSource("hits")
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
