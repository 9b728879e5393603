package dev.tailrace.sink.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL 18 for all tests of this JVM; every test has a database of its own. */
final class TestPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    /** Deadline of the waits below, in steps of a hundredth of a second. */
    private static final int STEPS = 3_000;

    private TestPostgres() {}

    private static EmbeddedPostgres start() {
        try {
            // It stops itself when the JVM ends.
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "60")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int port() {
        return SERVER.getPort();
    }

    static String url(String database) {
        return url(database, port());
    }

    static String url(String database, int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    static String newDatabase() throws SQLException {
        String name = "target_" + DATABASES.incrementAndGet();
        try (Connection connection = connect("postgres")) {
            run(connection, "CREATE DATABASE " + name);
        }
        return name;
    }

    static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), "postgres", "postgres");
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static void run(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database)) {
            run(connection, statements);
        }
    }

    /** Every row as its columns' texts joined by a bar; null is {@code -}. */
    static List<String> query(String database, String sql) throws SQLException {
        try (Connection connection = connect(database)) {
            return query(connection, sql);
        }
    }

    static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(rows.getString(i) == null ? "-" : rows.getString(i));
                }
                result.add(String.join("|", row));
            }
            return result;
        }
    }

    /** Returns once the query gives a row; the server does the waiting. */
    static void await(String database, String sql) throws SQLException {
        for (int i = 0; i < STEPS; i++) {
            if (!query(database, sql).isEmpty()) {
                return;
            }
            query(database, "SELECT pg_sleep(0.01)");
        }
        throw new AssertionError("never came true: " + sql);
    }

    /** Ends the sessions of a sink in this database. */
    static void killSinks(String database) throws SQLException {
        query(
                database,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database
                        + "' AND application_name = 'tailrace'");
        await(
                database,
                "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = '" + database
                        + "' AND application_name = 'tailrace')");
    }
}
