package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.Contents;
import dev.tailrace.sink.FaultPoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that writes to a file is killed in the windows of the sink; another one goes on (I2, I8). */
class EmbeddedKillTest {
    private static final int KILLS = 2;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "SQLITE,upsert,sink.jdbc.mid-batch",
        "SQLITE,upsert,sink.jdbc.before-commit",
        "SQLITE,upsert,sink.jdbc.after-commit",
        "SQLITE,append,sink.jdbc.before-commit",
        "H2,upsert,sink.jdbc.mid-batch",
        "H2,upsert,sink.jdbc.before-commit",
        "H2,upsert,sink.jdbc.after-commit",
        "H2,append,sink.jdbc.after-commit",
    })
    void survivesKillNine(TestServer server, String mode, String point) throws Exception {
        String file = directory.resolve("target").toString();
        String url = server.text("", "", "jdbc:sqlite:" + file + ".db", "jdbc:h2:file:" + file);
        List<Frame> frames = EmbeddedKilledWriter.frames();
        for (int epoch = 1; epoch <= KILLS; epoch++) {
            killedAt(url, mode, point, epoch);
        }
        long durable = EmbeddedKilledWriter.deliver(url, mode, frames, KILLS + 1, FaultPoint.NONE);
        assertThat(durable).as("what the killed ones had committed").isBetween(1L, frames.size() - 1L);
        Dialect dialect = Dialects.of(url).orElseThrow();
        Contents expected = Contents.of(ChangeStream.eventsOf(frames));
        try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
            if (mode.equals("append")) {
                assertThat(ids(connection, dialect))
                        .doesNotHaveDuplicates()
                        .containsExactlyInAnyOrderElementsOf(
                                expected.ids().stream().map(id -> id.text()).toList());
            } else {
                assertThat(TargetContents.read(connection, dialect, EmbeddedKilledWriter.TABLES)
                                .rows())
                        .isEqualTo(expected.rows());
            }
        }
    }

    private static List<String> ids(Connection connection, Dialect dialect) throws Exception {
        List<String> ids = new ArrayList<>();
        for (var table : EmbeddedKilledWriter.TABLES) {
            TargetName name = TargetTemplate.parse(dialect.defaultTarget()).of(table.table());
            ids.addAll(TestPostgres.query(
                    connection, "SELECT " + dialect.quote("tailrace_event_id") + " FROM " + dialect.quote(name)));
        }
        return ids;
    }

    /** Later starts are killed later: each gets further than the one before it. */
    private static void killedAt(String url, String mode, String point, int epoch) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedKilledWriter.class.getName(),
                        url,
                        mode,
                        point,
                        Integer.toString(7 * epoch),
                        Integer.toString(epoch))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = child.inputReader()) {
            assertThat(out.lines().anyMatch(line -> line.equals("FAILPOINT " + point)))
                    .as("%s was reached", point)
                    .isTrue();
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
    }
}
