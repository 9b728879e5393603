package dev.tailrace.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL 18 server of our own with logical decoding, on a free port of the loopback interface, below one directory.
 * Any thread.
 */
public final class EmbeddedServer implements SourceServer {
    /** The server's superuser; it asks for no password. */
    public static final String USER = "postgres";

    private final EmbeddedPostgres server;

    private EmbeddedServer(EmbeddedPostgres server) {
        this.server = server;
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
        return new EmbeddedServer(builder.start());
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
