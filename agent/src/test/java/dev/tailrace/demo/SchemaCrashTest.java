package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailrace.server.RequiresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table changes its shape under load, the agent is killed with SIGKILL in the windows of the target's statements and of a
 * held table's catching-up, and in the end every target has what the source has: from PostgreSQL and from MySQL, each to
 * both.
 */
@ExtendWith(ServerExtension.class)
@CapturesFrom(SourceKind.MYSQL_GTID)
@RequiresServer(RequiresServer.Kind.MYSQL)
class SchemaCrashTest {
    private static final String SOURCE = "shapes";
    private static final String TARGET = "shapes_target";

    @TempDir
    private Path directory;

    private EmbeddedServer postgres;
    private WaysServers servers;

    @BeforeEach
    void servers(EmbeddedServer postgres, SourceServer mySql) throws Exception {
        this.postgres = postgres;
        servers = new WaysServers(postgres, mySql, SOURCE, TARGET);
    }

    private List<List<String>> sinks() {
        return List.of(servers.postgresSink(), servers.mySqlSink());
    }

    @Test
    void fromPostgres() throws Exception {
        postgres.createDatabase(SOURCE);
        postgres.createDatabase(TARGET);
        try (Connection source = servers.postgres(SOURCE);
                Connection toPostgres = servers.postgres(TARGET);
                Connection toMySql = servers.mySql(TARGET);
                WaysAgent agent = new WaysAgent(directory, servers.postgresSource(), sinks())) {
            ShapedLoad load = new ShapedLoad(source, 7);
            run(agent, load, "public.item", List.of(new Copy(toPostgres, "public."), new Copy(toMySql, "")));
        } finally {
            servers.dropPostgresSource();
            postgres.dropDatabase(TARGET);
        }
    }

    /** Only in the long form: what dies is at the target, and does not know the source. */
    @Test
    @EnabledIfSystemProperty(named = "crash.long", matches = "true")
    void fromMySql() throws Exception {
        postgres.createDatabase(TARGET);
        try (Connection source = servers.mySql(SOURCE);
                Connection toPostgres = servers.postgres(TARGET);
                Connection toMySql = servers.mySql(TARGET);
                WaysAgent agent = new WaysAgent(directory, servers.mySqlSource(), sinks())) {
            ShapedLoad load = new ShapedLoad(source, 8);
            run(agent, load, SOURCE + ".item", List.of(new Copy(toPostgres, SOURCE + "."), new Copy(toMySql, "")));
        } finally {
            postgres.dropDatabase(TARGET);
        }
    }

    private record Copy(Connection connection, String prefix) {
        boolean equalsThat(ShapedLoad load) throws SQLException {
            return load.items(connection, prefix).equals(load.items())
                    && load.ledger(connection, prefix).equals(load.ledger());
        }
    }

    private void run(WaysAgent agent, ShapedLoad load, String table, List<Copy> copies) throws Exception {
        load.create();
        load.work(50);
        agent.process.start(armed("sink.jdbc.before-ddl=hold"));
        agent.await("the snapshot is there", () -> all(copies, load));
        load.work(20);
        load.add();
        load.work(20);
        killAt(agent, load, "sink.jdbc.before-ddl");
        agent.process.start(armed("sink.jdbc.after-ddl=hold"));
        killAt(agent, load, "sink.jdbc.after-ddl");
        // The target has the column, and nothing remembers that.
        agent.process.start(armed("sink.jdbc.before-commit=hold@3"));
        killAt(agent, load, "sink.jdbc.before-commit");
        agent.process.start(armed("sink.jdbc.after-ddl=hold"));
        agent.await("the new column is there", () -> all(copies, load));
        load.widen();
        load.work(20);
        killAt(agent, load, "sink.jdbc.after-ddl");
        load.drop();
        load.work(20);
        agent.process.start();
        agent.await("the wider column is there", () -> all(copies, load));

        load.work(5);
        load.rename();
        load.work(20);
        agent.await("both sinks hold the table", () -> {
            load.work(3);
            return isHeld(agent, "postgres", table) && isHeld(agent, "mysql", table);
        });
        agent.await("the other table goes on", () -> ledgers(copies, load));
        assertThat(all(copies, load)).as("the held table waits").isFalse();
        agent.process.kill();
        load.work(20);
        agent.process.start();
        agent.await(
                "the hold outlives a SIGKILL", () -> isHeld(agent, "postgres", table) && isHeld(agent, "mysql", table));
        assertThat(agent.metrics()).contains("tailrace_sink_held_tables{sink=\"mysql\"} 1.0");
        agent.process.kill();
        approveTheStopped(agent, table);
        agent.process.start(armed("sink.jdbc.after-ddl=hold"));
        agent.await("the other sink holds it still", () -> isHeld(agent, "mysql", table));
        assertThat(agent.approve("mysql", table)).isTrue();
        killAt(agent, load, "sink.jdbc.after-ddl");
        agent.process.start(armed("sink.jdbc.catch-up-before-commit=hold@2"));
        approveBoth(agent, load, table, "sink.jdbc.catch-up-before-commit");
        agent.process.start(armed("sink.jdbc.catch-up-after-commit=hold@2"));
        approveBoth(agent, load, table, "sink.jdbc.catch-up-after-commit");
        agent.process.start();
        agent.await("both have caught up", () -> {
            load.work(2);
            agent.approve("postgres", table);
            agent.approve("mysql", table);
            return agent.holdsNothing();
        });
        load.work(50);
        agent.await("everything is as at the source", () -> all(copies, load));
        agent.requireUnhalted();
    }

    private static void approveTheStopped(WaysAgent agent, String table) throws Exception {
        JsonNode listed = new ObjectMapper()
                .readTree(agent.verb("schema", "list", "--json"))
                .path("tables");
        List<String> states = new ArrayList<>();
        for (JsonNode entry : listed) {
            if (entry.path("table").asText().equals(table)) {
                assertThat(entry.path("versions")).hasSizeGreaterThanOrEqualTo(5);
                entry.path("sinks")
                        .forEach(sink -> states.add(sink.path("state").asText()));
            }
        }
        assertThat(states).containsExactly("held", "held");
        assertThat(agent.verb("schema", "diff", table))
                .contains("- label varchar(20)", "+ title varchar(20)", "rename (pause)", "RENAME COLUMN");
        assertThat(agent.verb("schema", "approve", table, "--sink", "postgres", "--json"))
                .contains("\"sinks\" : [ \"postgres\" ]", "\"running\" : false");
    }

    private static String armed(String failpoint) {
        return "-Dtailrace.failpoints=" + failpoint;
    }

    private static boolean all(List<Copy> copies, ShapedLoad load) throws SQLException {
        for (Copy copy : copies) {
            if (!copy.equalsThat(load)) {
                return false;
            }
        }
        return true;
    }

    private static boolean ledgers(List<Copy> copies, ShapedLoad load) throws SQLException {
        for (Copy copy : copies) {
            if (!load.ledger(copy.connection, copy.prefix).equals(load.ledger())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHeld(WaysAgent agent, String sink, String table) throws Exception {
        return agent.answers()
                && agent.sink(sink).held().stream()
                        .anyMatch(held -> held.table().equals(table)
                                && held.code().equals("JDBC-SCHEMA-PAUSED")
                                && held.plan().stream()
                                        .anyMatch(statement -> statement
                                                .toUpperCase(Locale.ROOT)
                                                .contains("RENAME COLUMN")));
    }

    private static void killAt(WaysAgent agent, ShapedLoad load, String failpoint) throws Exception {
        agent.await("the agent comes to " + failpoint, () -> {
            load.work(2);
            return agent.process.isAtFailpoint(failpoint);
        });
        agent.process.kill();
    }

    /** One of the two may have been approved before it died. */
    private static void approveBoth(WaysAgent agent, ShapedLoad load, String table, String failpoint) throws Exception {
        agent.await("the agent comes to " + failpoint, () -> {
            load.work(2);
            agent.approve("postgres", table);
            agent.approve("mysql", table);
            return agent.process.isAtFailpoint(failpoint) || agent.holdsNothing();
        });
        agent.process.kill();
    }
}
