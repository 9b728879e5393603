package dev.tailrace.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL 18 server of our own with logical decoding, on a free port of the loopback interface, below one directory.
 * Any thread.
 */
public final class EmbeddedServer implements SourceServer {
    /** The server's superuser; it asks for no password. */
    public static final String USER = "postgres";

    private static final Duration CONTROL = Duration.ofSeconds(120);

    private final EmbeddedPostgres server;
    private final Path directory;

    private EmbeddedServer(EmbeddedPostgres server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    /** Unpacks and starts the server; some seconds the first time. */
    public static EmbeddedServer start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /** The same with further settings of the server. */
    public static EmbeddedServer start(Path directory, Map<String, String> settings) throws IOException {
        Files.createDirectories(directory);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.toFile())
                .setDataDirectory(directory.resolve("data"))
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("unix_socket_directories", "")
                // A commit is in the log when it returns, so that decoding right after it sees it.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_wal_senders", "50")
                .setServerConfig("max_replication_slots", "50")
                .setServerConfig("max_connections", "200")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("log_min_messages", "fatal");
        settings.forEach(builder::setServerConfig);
        return new EmbeddedServer(builder.start(), directory);
    }

    @Override
    public String title() {
        return "PostgreSQL 18";
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public Shop openShop(String name) throws SQLException {
        return PostgresShop.open(this, name);
    }

    @Override
    public void restart() throws IOException {
        control("fast");
    }

    @Override
    public void crash() throws IOException {
        control("immediate");
    }

    /** Restarts it by its own tool, which knows what it was started with. */
    private void control(String mode) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U")); // the server refuses to run as root; it was started so, too
        }
        command.addAll(List.of(
                tool().toString(),
                "restart",
                "-D",
                directory.resolve("data").toString(),
                "-m",
                mode,
                "-w",
                "-t",
                "90"));
        Path said = directory.resolve("restart.log");
        Process restart = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()))
                .start();
        try {
            if (!restart.waitFor(CONTROL.toSeconds(), TimeUnit.SECONDS)) {
                restart.destroyForcibly();
                throw new IOException("PostgreSQL did not restart within " + CONTROL.toSeconds() + " s, see " + said);
            }
        } catch (InterruptedException e) {
            restart.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL restarts", e);
        }
        if (restart.exitValue() != 0) {
            throw new IOException("PostgreSQL did not restart, see " + said);
        }
    }

    /** Beside the server's own program, which all servers of a virtual machine share. */
    private Path tool() throws IOException {
        String started = Files.readString(directory.resolve("data").resolve("postmaster.opts"));
        Path program = Path.of(started.substring(0, started.indexOf(' ')));
        return program.resolveSibling("pg_ctl");
    }

    /** Creates an empty database. */
    public void createDatabase(String name) throws SQLException {
        execute("CREATE DATABASE " + name);
    }

    /** Removes a database with whoever is connected to it. */
    public void dropDatabase(String name) throws SQLException {
        execute("DROP DATABASE " + name + " WITH (FORCE)");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Connections of the superuser to that database. */
    public DataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port()});
        source.setDatabaseName(database);
        source.setUser(USER);
        return source;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
