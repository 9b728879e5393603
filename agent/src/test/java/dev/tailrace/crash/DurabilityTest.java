package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.Signals;
import dev.tailrace.demo.Traffic;
import dev.tailrace.journal.JournalInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the source was told is durable is in the data directory (I1). Of the sources only PostgreSQL is told anything. */
@ExtendWith(ServerExtension.class)
class DurabilityTest {
    private static final int LOOKS = 8;

    /** The agent is frozen while we look, so that both sides are of one moment. */
    @Test
    void nothingIsConfirmedThatACopyOfTheDataDirectoryDoesNotHold(EmbeddedServer server, @TempDir Path directory)
            throws Exception {
        try (CrashRig rig = new CrashRig(server, server, directory)) {
            rig.agent.start();
            rig.awaitStreaming();
            try (Traffic traffic = rig.load(Traffic.Plan.mixed(3, 11, Duration.ofMillis(2), 1000))) {
                for (int look = 0; look < LOOKS; look++) {
                    long before = rig.captured();
                    rig.await("another confirmation", () -> rig.captured() > before);
                    Signals.stop(rig.agent.pid());
                    long confirmed;
                    Path copy = directory.resolve("copy" + look);
                    try {
                        confirmed = settled(rig);
                        copy(rig.files.data(), copy);
                    } finally {
                        Signals.go(rig.agent.pid());
                    }
                    assertThat(held(copy)).as("look %s", look).isGreaterThanOrEqualTo(confirmed);
                }
                traffic.stop();
            }
            rig.verify();
        }
    }

    /** What the frozen agent had sent may still be on its way: the same value twice in a row. */
    private static long settled(CrashRig rig) throws Exception {
        long[] last = {-1};
        rig.await("the confirmation under way", () -> {
            long now = rig.captured();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
        return last[0];
    }

    private static long held(Path data) throws Exception {
        try (JournalInspector inspector = JournalInspector.open(data).orElseThrow()) {
            return inspector.info().tail().offset().orElseThrow().position().offset();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> found = Files.walk(from)) {
            for (Path path : found.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
    }
}
