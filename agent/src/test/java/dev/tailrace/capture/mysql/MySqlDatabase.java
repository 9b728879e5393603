package dev.tailrace.capture.mysql;

import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.config.Secret;
import dev.tailrace.server.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own on a MySQL server, and the capture's settings for it. */
final class MySqlDatabase {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final MysqlServer server;
    private final String name = "src" + NEXT.incrementAndGet();

    MySqlDatabase(MysqlServer server) throws SQLException {
        this.server = server;
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }

    String name() {
        return name;
    }

    Connection connect() throws SQLException {
        return server.connect(name);
    }

    /** Each in a transaction of its own. */
    void run(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** All in one transaction. */
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

    List<String> query(String sql) throws SQLException {
        List<String> first = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                first.add(rows.getString(1));
            }
        }
        return first;
    }

    boolean isStreaming() throws SQLException {
        return !readers().isEmpty();
    }

    private List<String> readers() throws SQLException {
        return query("SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'");
    }

    /** What a user of the test's own may, besides what the remedies of findings grant. */
    void user(String user, String... statements) throws SQLException {
        run("DROP USER IF EXISTS " + user, "CREATE USER " + user + " IDENTIFIED BY 'w'");
        run(statements);
    }

    /** Ends the server's end of every connection that reads its log. */
    void killReaders() throws SQLException {
        for (String id : readers()) {
            run("KILL " + id);
        }
    }

    SourceDefinition definition() {
        return definition(SnapshotMode.INITIAL);
    }

    SourceDefinition definition(SnapshotMode snapshot) {
        return definition("root", "", snapshot, name + ".*");
    }

    SourceDefinition definition(String user, String password, SnapshotMode snapshot, String... tables) {
        return new MySqlSource(settings(user, password, snapshot, tables));
    }

    /** Through something that stands before the server. */
    SourceDefinition definition(int port, SnapshotMode snapshot, String... tables) {
        return new MySqlSource(settings(port, "root", "", snapshot, tables));
    }

    /** The same, looked after with less patience. */
    SourceDefinition definition(int port, Duration patience, String... tables) {
        return new MySqlSource(settings(port, "root", "", SnapshotMode.INITIAL, tables), patience);
    }

    MySqlSettings settings(String user, String password, SnapshotMode snapshot, String... tables) {
        return settings(server.port(), user, password, snapshot, tables);
    }

    private MySqlSettings settings(int port, String user, String password, SnapshotMode snapshot, String... tables) {
        return new MySqlSettings(
                new SourceSettings(
                        "mysql",
                        "127.0.0.1",
                        port,
                        user,
                        new Secret(password),
                        List.of(tables),
                        snapshot,
                        "disable",
                        Duration.ofSeconds(10),
                        Map.of()),
                MySqlSettings.defaultServerId(name),
                ImpossibleDates.Policy.NULL);
    }
}
