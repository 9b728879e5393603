package dev.tailrace.demo;

import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A database of PostgreSQL, and an agent that mirrors it into another one there and into one of MySQL. One thread. */
final class TwoTargets implements AutoCloseable {
    private static final String OPTIONS = "?sslMode=DISABLED&characterEncoding=UTF-8&connectionTimeZone=UTC";

    final WaysAgent agent;
    private final EmbeddedServer postgres;
    private final String name;
    private final Map<String, Connection> fenced;
    private final List<Connection> opened = new ArrayList<>();
    private int fences;

    TwoTargets(EmbeddedServer postgres, Path directory, String name) throws Exception {
        this.postgres = postgres;
        this.name = name;
        postgres.createDatabase(name);
        postgres.createDatabase(name + "_target");
        try (Connection connection = DriverManager.getConnection(mySqlUrl(""), DatabaseServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name);
        }
        agent = new WaysAgent(
                name,
                directory,
                List.of(
                        "type: postgres",
                        "host: 127.0.0.1",
                        "port: " + postgres.port(),
                        "database: " + name,
                        "user: " + EmbeddedServer.USER,
                        "password: unused-here",
                        "tables: [\"public.*\"]"),
                List.of(
                        List.of(
                                "name: postgres",
                                "url: jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + name + "_target",
                                "user: " + EmbeddedServer.USER,
                                "password: unused-here"),
                        List.of("name: mysql", "url: " + mySqlUrl(name), "user: " + DatabaseServer.USER)));
        fenced = targets();
    }

    private static String mySqlUrl(String database) throws Exception {
        return "jdbc:mysql://127.0.0.1:" + TestServers.mysql().port() + "/" + database
                + (database.isEmpty() ? OPTIONS : "");
    }

    Connection source() throws SQLException {
        return postgres.dataSource(name).getConnection();
    }

    /** Connections of one's own to both targets, by name; they last as long as this. */
    Map<String, Connection> targets() throws Exception {
        Map<String, Connection> targets = new LinkedHashMap<>();
        targets.put("postgres", postgres.dataSource(name + "_target").getConnection());
        targets.put("mysql", DriverManager.getConnection(mySqlUrl(name) + OPTIONS, DatabaseServer.USER, ""));
        opened.addAll(targets.values());
        return targets;
    }

    /** Returns when everything that is committed now, and one change more, is at both targets. */
    void awaitFence() throws Exception {
        int fence = ++fences;
        try (Connection connection = source();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS fence (id int PRIMARY KEY)");
            statement.execute("INSERT INTO fence VALUES (" + fence + ")");
        }
        for (Map.Entry<String, Connection> target : fenced.entrySet()) {
            agent.await("fence " + fence + " in " + target.getKey(), () -> {
                agent.requireUnhalted();
                return hasFence(target.getValue(), fence);
            });
        }
    }

    private static boolean hasFence(Connection target, int fence) throws SQLException {
        try {
            return !read(target, "SELECT id FROM fence WHERE id = " + fence).isEmpty();
        } catch (SQLException e) {
            // The agent creates the table.
            if (!List.of("42P01", "42S02").contains(e.getSQLState())) {
                throw e;
            }
            return false;
        }
    }

    /** Every row as its columns' texts joined by a bar. */
    static List<String> read(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row.stream().map(String::valueOf).toList()));
            }
        }
        return rows;
    }

    static void run(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws Exception {
        agent.close();
        for (Connection connection : opened) {
            connection.close();
        }
        try (Connection connection = source();
                Statement statement = connection.createStatement()) {
            Await.until("the server has noticed the agent's end", Duration.ofMinutes(4), () -> {
                statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE database = '" + name + "' AND NOT active");
                return read(connection, "SELECT 1 FROM pg_replication_slots WHERE database = '" + name + "'")
                        .isEmpty();
            });
        }
        postgres.dropDatabase(name);
        postgres.dropDatabase(name + "_target");
        try (Connection connection = DriverManager.getConnection(mySqlUrl(""), DatabaseServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE " + name);
        }
    }
}
