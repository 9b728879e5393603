package dev.tailrace.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A source and a target database on one server, with a table that refuses large sizes at the target. */
@ExtendWith(ServerExtension.class)
abstract class PostgresPair {
    @TempDir
    Path directory;

    private EmbeddedServer postgres;

    static final String DATABASE = "letters";
    static final String TARGET = "letters_target";

    @BeforeEach
    void servers(EmbeddedServer server) throws Exception {
        postgres = server;
        postgres.createDatabase(DATABASE);
        postgres.createDatabase(TARGET);
        try (Connection target = target();
                Statement statement = target.createStatement()) {
            statement.execute("CREATE TABLE item (id bigint PRIMARY KEY, size int CHECK (size < 1000), label text)");
        }
    }

    @AfterEach
    void drop() throws Exception {
        try (Connection connection = source();
                Statement statement = connection.createStatement()) {
            Await.until("the server has noticed the agent's end", java.time.Duration.ofMinutes(4), () -> {
                statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE slot_name = 'tailrace_ways' AND NOT active");
                try (ResultSet slots = statement.executeQuery(
                        "SELECT 1 FROM pg_replication_slots WHERE slot_name = 'tailrace_ways'")) {
                    return !slots.next();
                }
            });
        }
        postgres.dropDatabase(DATABASE);
        postgres.dropDatabase(TARGET);
    }

    Connection source() throws SQLException {
        return postgres.dataSource(DATABASE).getConnection();
    }

    Connection target() throws SQLException {
        return postgres.dataSource(TARGET).getConnection();
    }

    /** An agent that keeps the rows at one sink and their history at another. */
    WaysAgent agent(String... ofRows) throws Exception {
        List<String> rows = sink("rows", "target: \"{table}\"");
        rows.addAll(List.of(ofRows));
        return new WaysAgent(
                directory,
                WaysServers.postgresSource(postgres, DATABASE),
                List.of(rows, sink("history", "target: \"history_{table}\"", "mode: append")));
    }

    private List<String> sink(String name, String... more) {
        List<String> lines = new java.util.ArrayList<>(List.of(
                "name: " + name,
                "url: jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + TARGET,
                "user: " + EmbeddedServer.USER,
                "password: unused-here"));
        lines.addAll(List.of(more));
        return lines;
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long count(Connection connection, String from) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM " + from)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** The same of a table that the agent may not have made yet. */
    static long countIfThere(Connection connection, String table) throws SQLException {
        return count(connection, "pg_class WHERE relname = '" + table + "'") == 0 ? 0 : count(connection, table);
    }

    static String armed(String failpoint) {
        return "-Dtailrace.failpoints=" + failpoint;
    }

    static void killAt(WaysAgent agent, String failpoint) throws Exception {
        agent.await("the agent comes to " + failpoint, () -> agent.process.isAtFailpoint(failpoint));
        agent.process.kill();
    }
}
