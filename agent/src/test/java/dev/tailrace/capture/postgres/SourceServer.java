package dev.tailrace.capture.postgres;

import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings;
import dev.tailrace.config.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests of the process, with a database of its own for each. */
public final class SourceServer {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    /** So many databases are in use at once, by far. */
    private static final int KEPT = 10;

    private final int number = NEXT.incrementAndGet();
    private final String database = "source" + number;

    private SourceServer() {}

    private static EmbeddedPostgres start() {
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("max_replication_slots", "40")
                    .setServerConfig("max_wal_senders", "40")
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("max_locks_per_transaction", "512")
                    .setServerConfig("fsync", "off")
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    server.close();
                } catch (IOException e) {
                    System.err.println(e);
                }
            }));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SourceServer newDatabase() throws SQLException {
        SourceServer source = new SourceServer();
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + source.database);
            // of tests that are over: there are more databases than slots, and each keeps the log of all
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE NOT active AND slot_name ~ '^tailrace_source[0-9]+$'"
                    + " AND substr(slot_name, 16)::int < " + (source.number - KEPT));
        }
        return source;
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + SERVER.getPort() + "/" + database, "postgres", "postgres");
    }

    public Connection connect() throws SQLException {
        return connect(database);
    }

    String database() {
        return database;
    }

    static int port() {
        return SERVER.getPort();
    }

    public void run(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** All statements in one transaction. */
    void transaction(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? String.valueOf(result.getString(1)) : "";
        }
    }

    public String slot() {
        return "tailrace_" + database;
    }

    long confirmedLsn() throws SQLException {
        String lsn = query("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + slot() + "'");
        return lsn.isEmpty() ? 0 : SourceConnections.lsn(lsn);
    }

    long currentLsn() throws SQLException {
        return SourceConnections.lsn(query("SELECT pg_current_wal_lsn()"));
    }

    boolean isStreaming() throws SQLException {
        return query("SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot() + "'")
                .equals("t");
    }

    /** Waits until the server has noticed that the capture is gone. */
    public void dropSlot() throws Exception {
        Eventually.await(() -> "the slot is in use", () -> !isStreaming());
        run("SELECT pg_drop_replication_slot('" + slot() + "')");
    }

    /** Ends the server's end of the capture's connection. */
    void killWalSender() throws SQLException {
        run("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + slot()
                + "' AND active_pid IS NOT NULL");
    }

    PostgresSettings settings(String... tables) {
        return settings(SourceSettings.SnapshotMode.INITIAL, tables);
    }

    PostgresSettings settings(SourceSettings.SnapshotMode snapshot, String... tables) {
        return settings("postgres", "postgres", snapshot, tables);
    }

    PostgresSettings settings(String user, String password, SourceSettings.SnapshotMode snapshot, String... tables) {
        return settings(SERVER.getPort(), user, password, snapshot, tables);
    }

    private PostgresSettings settings(
            int port, String user, String password, SourceSettings.SnapshotMode snapshot, String... tables) {
        return new PostgresSettings(
                new SourceSettings(
                        "postgres",
                        "localhost",
                        port,
                        user,
                        new Secret(password),
                        List.of(tables),
                        snapshot,
                        "disable",
                        Duration.ofSeconds(10),
                        Map.of()),
                database,
                slot());
    }

    /** Through something that stands before the server. */
    PostgresSettings settings(int port, SourceSettings.SnapshotMode snapshot, String... tables) {
        return settings(port, "postgres", "postgres", snapshot, tables);
    }

    SourceDefinition definition(String... tables) {
        return new PostgresSource(settings(tables));
    }

    public SourceDefinition definition(SourceSettings.SnapshotMode snapshot, String... tables) {
        return new PostgresSource(settings(snapshot, tables));
    }

    SourceDefinition definition(String user, String password, SourceSettings.SnapshotMode snapshot, String... tables) {
        return new PostgresSource(settings(user, password, snapshot, tables));
    }
}
