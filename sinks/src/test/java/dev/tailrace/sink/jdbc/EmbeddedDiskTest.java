package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tailrace.config.Finding;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real file system that is full, or read-only, where the machine allows to mount one. */
class EmbeddedDiskTest {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"));

    @TempDir
    Path directory;

    private static JdbcTarget on(TestServer server, Path directory) throws Exception {
        String file = directory.resolve("target").toString();
        return new JdbcTarget(server)
                .with(
                        "url",
                        server.text(
                                "",
                                "",
                                "jdbc:sqlite:" + file + ".db",
                                "jdbc:h2:file:" + file + ";DATABASE_TO_LOWER=TRUE"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"})
    void goesOnAfterTheDiskWasFull(TestServer server) throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory.toString()), "cannot mount");
        try (JdbcTarget target = on(server, directory)) {
            target.open(1, ITEM);
            Path ballast = directory.resolve("ballast");
            Files.write(ballast, new byte[4 << 20]);
            ChangeStream large = new ChangeStream();
            large.insert(ITEM, 1L, "x".repeat(12 << 20)).commit();
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(large));
            assertThat(failure).as("it was taken").isNotNull();
            assertThat(failure.disposition()).as("%s", failure).isEqualTo(Disposition.RETRY);
            Files.delete(ballast);
            target.open(2, ITEM);
            ChangeStream small = new ChangeStream();
            small.insert(ITEM, 1L, "a").commit();
            target.write(small);
            target.close();
            assertThat(TestPostgres.query(
                            java.sql.DriverManager.getConnection(
                                    target.settings.get("url").toString(), "sa", ""),
                            "SELECT name FROM item"))
                    .containsExactly("a");
        } finally {
            assertThat(run("umount", "-l", directory.toString())).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"})
    void saysThatTheDiskIsReadOnly(TestServer server) throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory.toString()), "cannot mount");
        try (JdbcTarget target = on(server, directory)) {
            target.open(1, ITEM);
            target.close();
            assertThat(run("mount", "-o", "remount,ro", directory.toString())).isTrue();
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.open(2, ITEM));
            assertThat(failure.code()).isEqualTo("JDBC-PERMISSION");
            assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
            assertThat(target.definition().preflight(JdbcTarget.context(2, "j", ITEM)))
                    .extracting(Finding::code)
                    .containsExactly("JDBC-PERMISSION");
        } finally {
            assertThat(run("umount", "-l", directory.toString())).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"})
    void aDirectoryThatIsMissingIsNamed(TestServer server) throws Exception {
        try (JdbcTarget target = on(server, directory.resolve("no_such_directory"))) {
            assertThat(target.preflight()).singleElement().satisfies(f -> {
                assertThat(f.code()).isEqualTo("JDBC-DATABASE");
                assertThat(f.message()).contains("there is no directory", "no_such_directory");
            });
            assertThat(target.halted().code()).isEqualTo("JDBC-DATABASE");
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
