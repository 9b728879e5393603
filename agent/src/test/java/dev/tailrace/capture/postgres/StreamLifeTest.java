package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.SourceSettings;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.config.DataSize;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Secret;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalSettings;
import dev.tailrace.journal.Journals;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stuck, and what only waits, is idle, or has not begun. What the server says is in {@link StuckConnectionTest}. */
class StreamLifeTest {
    private static final int PATIENCE = 3;

    @TempDir
    Path directory;

    private final StreamPulse pulse = new StreamPulse();
    private final AtomicLong received = new AtomicLong();

    private interface Check {
        void of(StreamLife life) throws Exception;
    }

    private void with(DataSize reserve, Check check) throws Exception {
        with(reserve, PATIENCE, check);
    }

    private void with(DataSize reserve, int patience, Check check) throws Exception {
        JournalSettings sizes =
                new JournalSettings(Duration.ofDays(1), DataSize.ofGibibytes(4), reserve, DataSize.ofMebibytes(64));
        try (DataDirectory claimed = DataDirectory.claim(directory, Instant.EPOCH);
                Journal journal = Journals.open(claimed, sizes, InstantSource.system())) {
            PostgresSettings settings = nowhere();
            check.of(new StreamLife(settings, journal, pulse, received::get, new EngineSessions(settings), patience));
        }
    }

    /** Nobody listens there. */
    private static PostgresSettings nowhere() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        SourceSettings common = new SourceSettings(
                "postgres",
                "127.0.0.1",
                port,
                "nobody",
                new Secret(""),
                List.of("public.*"),
                SourceSettings.SnapshotMode.NEVER,
                "disable",
                Duration.ofSeconds(1),
                Map.of());
        return new PostgresSettings(common, "shop", "tailrace_shop");
    }

    private static Optional<Finding> looks(StreamLife life, int times) {
        Optional<Finding> found = Optional.empty();
        for (int i = 0; i < times && found.isEmpty(); i++) {
            found = life.look();
        }
        return found;
    }

    @Test
    void anEngineWithoutAHeartbeatIsStuck() throws Exception {
        with(DataSize.ofMebibytes(16), life -> {
            pulse.beat(true, 70);
            assertThat(looks(life, PATIENCE))
                    .as("the first look begins to count")
                    .isEmpty();
            assertThat(life.look()).hasValueSatisfying(finding -> {
                assertThat(finding.code()).isEqualTo("SOURCE-STUCK");
                assertThat(finding.severity()).isEqualTo(Finding.Severity.TRANSIENT);
            });
        });
    }

    /** The server is not asked either, which has heard nothing of a reader that is in the middle of a row. */
    @Test
    void oneThatGetsBytesOfALargeRowIsNot() throws Exception {
        int patience = StreamLife.HEARTBEAT + PATIENCE;
        with(DataSize.ofMebibytes(16), patience, life -> {
            pulse.beat(true, 70);
            for (int i = 0; i < 10 * patience; i++) {
                received.addAndGet(1000);
                assertThat(life.look()).isEmpty();
            }
            assertThat(looks(life, patience))
                    .hasValueSatisfying(finding -> assertThat(finding.code()).isEqualTo("SOURCE-STUCK"));
        });
    }

    @Test
    void oneThatMovesIsNotAndASnapshotIsNotAskedFor() throws Exception {
        with(DataSize.ofMebibytes(16), life -> {
            pulse.beat(false, 5);
            assertThat(looks(life, 10 * PATIENCE))
                    .as("a snapshot has no heartbeats")
                    .isEmpty();
            for (int i = 0; i < 10 * PATIENCE; i++) {
                pulse.beat(true, 100 + i);
                assertThat(life.look()).isEmpty();
            }
        });
    }

    @Test
    void heartbeatsOfTheEnginesOwnProveNothing() throws Exception {
        with(DataSize.ofMebibytes(16), life -> {
            Optional<Finding> found = Optional.empty();
            for (int i = 0; i < 2 * PATIENCE && found.isEmpty(); i++) {
                pulse.beat(true, 70);
                found = life.look();
            }
            assertThat(found).hasValueSatisfying(finding -> {
                assertThat(finding.code())
                        .as("asked, the server does not answer")
                        .isEqualTo("SOURCE-UNREACHABLE");
                assertThat(finding.message()).contains("stands still at 0/46");
            });
        });
    }

    @Test
    void aReaderThatWaitsForItsJournalIsNotStuck() throws Exception {
        with(DataSize.ofGibibytes(1 << 20), life -> {
            pulse.beat(true, 70);
            assertThat(looks(life, 10 * PATIENCE)).isEmpty();
        });
    }
}
