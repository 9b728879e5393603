package dev.tailrace.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A database server of our own: a process on a port of the loopback interface with its data below one directory. It keeps
 * data and port over any number of starts, however it ended before. What it says is appended to {@code server.log} there.
 * It outlives this JVM unless it is closed. One thread at a time.
 */
public abstract sealed class DatabaseServer implements AutoCloseable permits MysqlServer, MariadbServer {
    /** The superuser; it asks for no password and comes from any address. */
    public static final String USER = "root";

    /** What the superuser is made with. One statement a line, as an init file needs it. */
    static final List<String> SUPERUSER = List.of(
            "CREATE USER '" + USER + "'@'%' IDENTIFIED BY '';",
            "GRANT ALL PRIVILEGES ON *.* TO '" + USER + "'@'%' WITH GRANT OPTION;");

    private static final String READY = "ready for connections";
    /** A start is looked at that often: for a minute and a half. */
    private static final int LOOKS = 1_800;

    private static final int LOOK_MILLIS = 50;
    /** For initialization and for a graceful stop. */
    private static final int PATIENCE_SECONDS = 90;

    private static final int TAIL_LINES = 15;

    private final Path directory;
    private final List<String> options;
    private final int port;
    private @Nullable Process process;

    DatabaseServer(Path directory, List<String> options) throws IOException {
        this.directory = directory.toAbsolutePath();
        this.options = options;
        this.port = LoopbackPort.choose();
    }

    /** The command that serves {@link #data()}, without what is common to all. */
    abstract List<String> program();

    /** Makes {@link #data()}, which does not exist. */
    abstract void initialize() throws IOException;

    /** Makes the data directory unless there is one. */
    final void prepare() throws IOException {
        Files.createDirectories(directory);
        // Its name appears when it is complete.
        if (!Files.exists(directory.resolve("initialized"))) {
            initialize();
            Files.createFile(directory.resolve("initialized"));
        }
    }

    final Path directory() {
        return directory;
    }

    final Path data() {
        return directory.resolve("data");
    }

    private Path log() {
        return directory.resolve("server.log");
    }

    /** Port on 127.0.0.1, the same for every start. */
    public final int port() {
        return port;
    }

    /** JDBC URL of a database for MySQL's driver; an empty name is none. */
    public final String url(String database) {
        return "jdbc:mysql://127.0.0.1:" + port + "/" + database;
    }

    /** A session of the superuser; needs MySQL's driver on the class path. */
    public final Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, "");
    }

    /** The process, for faults that this class does not know. */
    public final ProcessHandle handle() {
        return running().toHandle();
    }

    /**
     * Starts the server and returns when it accepts connections; some seconds after a crash.
     *
     * @throws IOException with the end of its log when it does not start
     */
    public final void start() throws IOException {
        startWith(List.of());
    }

    /** Ends the server gracefully if it runs and starts it again, for this run with these options as well, which win. */
    public final void restart(String... more) throws IOException {
        stop();
        startWith(List.of(more));
    }

    private void startWith(List<String> more) throws IOException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("the server on port " + port + " runs already");
        }
        List<String> command = new ArrayList<>(program());
        command.addAll(asUser());
        command.addAll(List.of(
                "--datadir=" + data(),
                // A starting MariaDB removes the temporary files of all others that share the directory.
                "--tmpdir=" + directory,
                "--bind-address=127.0.0.1",
                "--port=" + port,
                // A path may be too long for one, and nobody uses it.
                "--socket=",
                "--pid-file=" + directory.resolve("server.pid"),
                // Who connects is judged by address: no look-up may delay or change that.
                "--skip-name-resolve"));
        command.addAll(options);
        command.addAll(more);
        long said = Files.exists(log()) ? Files.size(log()) : 0;
        Process started = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        process = started;
        awaitReady(started, said);
    }

    private void awaitReady(Process started, long said) throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            if (logSince(said).contains(READY)) {
                return;
            }
            if (ends(started, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("the server on port " + port + " ended with exit code " + started.exitValue()
                        + " while it started; it said:\n" + tail(logSince(said)));
            }
        }
        kill();
        throw new IOException("the server on port " + port + " accepted no connections within "
                + (LOOKS * LOOK_MILLIS / 1_000) + " s; it said:\n" + tail(logSince(said)));
    }

    /** Ends the server gracefully; does nothing when it does not run. */
    public final void stop() throws IOException {
        Process ending = process;
        if (ending == null) {
            return;
        }
        ending.destroy();
        if (!ends(ending, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
            throw new IOException("the server on port " + port + " did not stop within " + PATIENCE_SECONDS
                    + " s and was killed; it said:\n" + tail(logSince(0)));
        }
    }

    /** Ends the server as a crash does ({@code kill -9}), and returns when it is gone. */
    public final void kill() throws IOException {
        Process ending = running();
        ending.destroyForcibly();
        if (!ends(ending, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the server on port " + port + " survives kill -9");
        }
    }

    /** As {@link #kill()}; does nothing when it does not run. */
    final void killIfRunning() throws IOException {
        if (process != null) {
            kill();
        }
    }

    @Override
    public final void close() throws IOException {
        stop();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("the server on port " + port + " was never started");
        }
        return process;
    }

    /** Runs a command of the initialization to its end; a file is its input. */
    final void run(List<String> command, File input) throws IOException {
        Path said = directory.resolve("initialization.log");
        Process initialization = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(input)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!ends(initialization, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            initialization.destroyForcibly();
            throw new IOException("no data directory within " + PATIENCE_SECONDS + " s; the server said:\n"
                    + tail(Files.readString(said)));
        }
        if (initialization.exitValue() != 0) {
            throw new IOException("no data directory: exit code " + initialization.exitValue() + "; the server said:\n"
                    + tail(Files.readString(said)));
        }
    }

    /** The servers refuse to run as root unless told to. */
    static List<String> asUser() {
        return "root".equals(System.getProperty("user.name")) ? List.of("--user=root") : List.of();
    }

    /** Whether the process ended within that time. An interrupt ends the process. */
    private static boolean ends(Process process, int time, TimeUnit unit) throws IOException {
        try {
            return process.waitFor(time, unit);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a database server, which was killed", e);
        }
    }

    private String logSince(long offset) throws IOException {
        byte[] all = Files.readAllBytes(log());
        return new String(all, (int) offset, all.length - (int) offset, StandardCharsets.UTF_8);
    }

    private static String tail(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }
}
