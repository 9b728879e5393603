package dev.tailrace.demo;

import dev.tailrace.server.DatabaseServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * A PostgreSQL and a MySQL, each with a database to read and one to write, and what an agent between them is told of both.
 * One thread.
 */
final class WaysServers {
    private static final String PASSWORD = "öpen sesame";
    private static final String OPTIONS = "?sslMode=DISABLED&characterEncoding=UTF-8&connectionTimeZone=UTC";

    private final EmbeddedServer postgres;
    private final int mySqlPort;
    private final String source;
    private final String target;

    /** Makes MySQL's databases anew, and there a user who may do everything and is called as the source. */
    WaysServers(EmbeddedServer postgres, SourceServer mySql, String source, String target) throws SQLException {
        this.postgres = postgres;
        this.mySqlPort = ((MySqlSourceServer) mySql).port();
        this.source = source;
        this.target = target;
        try (Connection connection = mySql("");
                Statement statement = connection.createStatement()) {
            for (String database : List.of(source, target)) {
                statement.execute("DROP DATABASE IF EXISTS " + database);
                statement.execute("CREATE DATABASE " + database);
            }
            statement.execute("DROP USER IF EXISTS " + source + "@'%'");
            statement.execute("CREATE USER " + source + "@'%' IDENTIFIED BY '" + PASSWORD + "'");
            statement.execute("GRANT ALL ON *.* TO " + source + "@'%'");
        }
    }

    Connection mySql(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:" + mySqlPort + "/" + database + OPTIONS, DatabaseServer.USER, "");
    }

    Connection postgres(String database) throws SQLException {
        return postgres.dataSource(database).getConnection();
    }

    List<String> postgresSource() {
        return postgresSource(postgres, source);
    }

    /** A source as a configuration has it. */
    static List<String> postgresSource(EmbeddedServer server, String database) {
        return List.of(
                "type: postgres",
                "host: 127.0.0.1",
                "port: " + server.port(),
                "database: " + database,
                "user: " + EmbeddedServer.USER,
                "password: unused-here",
                "tables: [\"public.*\"]");
    }

    List<String> mySqlSource() {
        return List.of(
                "type: mysql",
                "host: 127.0.0.1",
                "port: " + mySqlPort,
                "user: " + source,
                "password: \"" + PASSWORD + "\"",
                "tables: [\"" + source + ".*\"]");
    }

    List<String> postgresSink() {
        return List.of(
                "name: postgres",
                "url: jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + target,
                "user: " + EmbeddedServer.USER,
                "password: unused-here");
    }

    List<String> mySqlSink() {
        return List.of(
                "name: mysql",
                "url: jdbc:mysql://127.0.0.1:" + mySqlPort + "/" + target,
                "user: " + source,
                "password: \"" + PASSWORD + "\"");
    }

    /** Drops PostgreSQL's source once the server has noticed the agent's end. */
    void dropPostgresSource() throws Exception {
        try (Connection connection = postgres(source);
                Statement statement = connection.createStatement()) {
            Await.until("the server has noticed the agent's end", Duration.ofMinutes(4), () -> {
                statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE database = '" + source + "' AND NOT active");
                try (ResultSet slots = statement.executeQuery(
                        "SELECT 1 FROM pg_replication_slots WHERE database = '" + source + "'")) {
                    return !slots.next();
                }
            });
        }
        postgres.dropDatabase(source);
    }
}
