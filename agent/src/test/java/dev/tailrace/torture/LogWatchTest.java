package dev.tailrace.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What judges the agent's log notices what it must not pass. */
class LogWatchTest {
    private final LogWatch watch = new LogWatch();

    @TempDir
    private Path logs;

    @BeforeEach
    void expect() {
        watch.expect(List.of("JDBC-UNREACHABLE", "JOURNAL-DISK-FULL"));
    }

    private static String line(Instant when, String level, String message) {
        return when + " " + level + " [sink-warehouse] d.t.pipeline.Pipeline: " + message + "\n";
    }

    private List<String> unexpected(String name, String text) throws IOException {
        Files.writeString(logs.resolve(name), text);
        return watch.unexpected(logs);
    }

    private static Instant soon() {
        return Instant.ofEpochMilli(System.currentTimeMillis() + 5);
    }

    @Test
    void passesWhatADisturbanceExplainsAndWhatIsNoTrouble() throws IOException {
        assertThat(unexpected(
                        "agent-1.out",
                        line(soon(), "WARN ", "shop/warehouse: JDBC-UNREACHABLE it is gone\n  wait")
                                + line(soon(), "INFO ", "JDBC-REJECTED is a word")))
                .isEmpty();
    }

    @Test
    void findsATroubleThatNothingExplains() throws IOException {
        assertThat(unexpected("agent-1.out", line(soon(), "ERROR", "halted: JDBC-REJECTED")))
                .singleElement()
                .asString()
                .contains("JDBC-REJECTED");
    }

    @Test
    void readsTheLogOfAnAgentWhoseClockWasSet() throws IOException {
        for (Duration ahead : List.of(AgentClock.FAR, AgentClock.FAR.negated())) {
            assertThat(unexpected("agent-1.out", line(soon().plus(ahead), "WARN ", "JDBC-UNREACHABLE")))
                    .isEmpty();
            assertThat(unexpected("agent-1.out", line(soon().plus(ahead), "WARN ", "JDBC-REJECTED")))
                    .hasSize(1);
        }
    }

    @Test
    void findsATroubleBeforeItsExplanation() throws IOException {
        Instant before = Instant.ofEpochMilli(System.currentTimeMillis() - 60_000);
        assertThat(unexpected("agent-1.out", line(before, "WARN ", "JDBC-UNREACHABLE")))
                .hasSize(1);
    }

    @Test
    void findsAStackTraceBehindAnyLine() throws IOException {
        assertThat(unexpected(
                        "agent-1.out",
                        line(soon(), "WARN ", "JDBC-UNREACHABLE") + "java.io.IOException: gone\n"
                                + "\tat dev.tailrace.Thing.work(Thing.java:7)\n"))
                .hasSize(2);
    }

    @Test
    void passesOnlyTheUnfinishedLastLine() throws IOException {
        assertThat(unexpected("agent-1.out", "2026-01-01T00:00:00.000Z WARN  [m] d.T: JDBC-REJ"))
                .isEmpty();
    }

    @Test
    void findsWhateverIsOnStandardErrorButAnExplainedEnd() throws IOException {
        assertThat(
                        unexpected(
                                "agent-1.err",
                                "tailrace: JOURNAL-DISK-FULL: no space\n  free some\ntailrace: AGENT-INTERNAL: it broke\n  see\n"))
                .containsExactly("agent-1.err: tailrace: AGENT-INTERNAL: it broke", "agent-1.err:   see");
    }
}
