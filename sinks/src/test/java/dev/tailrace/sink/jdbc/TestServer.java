package dev.tailrace.sink.jdbc;

import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.TestServers;
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

/** The databases that the suites of the JDBC sink run against; one server each for all tests of this JVM. */
enum TestServer {
    POSTGRES,
    MYSQL,
    MARIADB,
    SQLITE,
    H2;

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final int STEPS = 3_000;

    private DatabaseServer started;

    boolean isPostgres() {
        return this == POSTGRES;
    }

    /** A file that this process writes itself. */
    boolean isEmbedded() {
        return this == SQLITE || this == H2;
    }

    /** One of two texts. H2 speaks as PostgreSQL does, SQLite as MySQL. */
    String text(String onPostgres, String onMySql) {
        return text(onPostgres, onMySql, onMySql, onPostgres);
    }

    String text(String onPostgres, String onMySql, String onSqlite, String onH2) {
        return switch (this) {
            case POSTGRES -> onPostgres;
            case MYSQL, MARIADB -> onMySql;
            case SQLITE -> onSqlite;
            case H2 -> onH2;
        };
    }

    private synchronized DatabaseServer server() {
        if (started == null) {
            try {
                started = this == MYSQL ? TestServers.mysql() : TestServers.mariadb();
                try (Connection connection = started.connect("")) {
                    // For rows of fifty megabytes.
                    TestPostgres.run(
                            connection,
                            "SET GLOBAL max_allowed_packet = 268435456",
                            this == MYSQL
                                    ? "SET GLOBAL innodb_redo_log_capacity = 1073741824"
                                    : "SET GLOBAL innodb_log_file_size = 1073741824");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return started;
    }

    String user() {
        return text("postgres", DatabaseServer.USER, "unused", "sa");
    }

    String password() {
        return text("postgres", "", "", "");
    }

    int port() {
        return isPostgres() ? TestPostgres.port() : server().port();
    }

    String url(String database) {
        if (isEmbedded()) {
            return text("", "", "jdbc:sqlite:", "jdbc:h2:file:")
                    + TestFiles.DIRECTORY.resolve(database)
                    // The names in the tests' own statements are what PostgreSQL makes of them.
                    + text("", "", ".db", ";DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE");
        }
        return url(database, port());
    }

    String url(String database, int port) {
        return switch (this) {
            case POSTGRES -> TestPostgres.url(database, port);
            case MYSQL -> "jdbc:mysql://127.0.0.1:" + port + "/" + database;
            case MARIADB -> "jdbc:mariadb://127.0.0.1:" + port + "/" + database;
            case SQLITE, H2 -> url(database);
        };
    }

    String newDatabase() throws SQLException {
        if (isPostgres()) {
            return TestPostgres.newDatabase();
        }
        String name = "target_" + DATABASES.incrementAndGet();
        if (isEmbedded()) {
            return name;
        }
        try (Connection connection = connect("")) {
            TestPostgres.run(connection, "CREATE DATABASE " + name);
        }
        return name;
    }

    Connection connect(String database) throws SQLException {
        if (isEmbedded()) {
            return DriverManager.getConnection(url(database) + text("", "", "?foreign_keys=on", ""), user(), "");
        }
        return isPostgres()
                ? TestPostgres.connect(database)
                : DriverManager.getConnection(
                        "jdbc:mysql://127.0.0.1:" + port() + "/" + database
                                + "?connectionCollation=utf8mb4_bin&characterEncoding=UTF-8&tinyInt1isBit=false"
                                + "&yearIsDateType=false",
                        user(),
                        password());
    }

    void run(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database)) {
            if (!isPostgres() && !isEmbedded()) {
                TestPostgres.run(connection, "SET SESSION time_zone = '+00:00'");
            }
            TestPostgres.run(connection, statements);
        }
    }

    /** Every row as its columns' texts joined by a bar; null is {@code -}. */
    List<String> query(String database, String sql) throws SQLException {
        try (Connection connection = connect(database)) {
            return TestPostgres.query(connection, sql);
        }
    }

    /** Returns once the query gives a row; the server does the waiting. */
    void await(String database, String sql) throws SQLException {
        for (int i = 0; i < STEPS; i++) {
            if (!query(database, sql).isEmpty()) {
                return;
            }
            query(database, text("SELECT pg_sleep(0.01)", "SELECT SLEEP(0.01)"));
        }
        throw new AssertionError("never came true: " + sql);
    }

    /**
     * Ends the sessions of a sink in this database. SQLite has none: what ends a write there from outside is an interrupt,
     * here of the writing thread, which is the caller.
     */
    void killSinks(String database) throws SQLException {
        if (this == SQLITE) {
            Thread.currentThread().interrupt();
            return;
        }
        if (this == H2) {
            run(database, "SHUTDOWN IMMEDIATELY");
            return;
        }
        if (isPostgres()) {
            TestPostgres.killSinks(database);
            return;
        }
        String sessions =
                " FROM information_schema.processlist WHERE db = '" + database + "' AND id <> CONNECTION_ID()";
        List<String> ids = new ArrayList<>();
        try (Connection connection = connect("");
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT id" + sessions)) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            for (String id : ids) {
                statement.execute("KILL " + id);
            }
        }
        await("", "SELECT 1 FROM DUAL WHERE NOT EXISTS (SELECT 1" + sessions + ")");
    }
}
