package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.server.RequiresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Columns with defaults come to a table under load and while the agent is down, it is killed with SIGKILL around the
 * target's statements, and in the end rows from before have at every target what they have at the source: from PostgreSQL
 * and from MySQL, each to both.
 */
@ExtendWith(ServerExtension.class)
@CapturesFrom(SourceKind.MYSQL_GTID)
@RequiresServer(RequiresServer.Kind.MYSQL)
class ExistingRowsTest {
    private static final String SOURCE = "existing";
    private static final String TARGET = "existing_target";

    @TempDir
    private Path directory;

    private EmbeddedServer postgres;
    private WaysServers servers;
    private int next = 1;
    private final List<String> columns = new ArrayList<>(List.of("id", "name"));

    @BeforeEach
    void servers(EmbeddedServer postgres, SourceServer mySql) throws Exception {
        this.postgres = postgres;
        servers = new WaysServers(postgres, mySql, SOURCE, TARGET);
    }

    private List<List<String>> sinks() {
        return List.of(servers.postgresSink(), servers.mySqlSink());
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** A copy with what makes a column's values there the same text as at the source. */
    private record Copy(Connection connection, String table, List<String> expressions) {
        List<String> rows(int columns) throws SQLException {
            List<String> rows = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT "
                            + String.join(", ", expressions.subList(0, columns)) + " FROM " + table
                            + " ORDER BY id")) {
                while (result.next()) {
                    StringBuilder row = new StringBuilder();
                    for (int i = 1; i <= columns; i++) {
                        row.append(result.getString(i)).append('|');
                    }
                    rows.add(row.toString());
                }
            } catch (SQLException e) {
                // Not there yet.
                if (!List.of("42P01", "42S02", "42703", "42S22").contains(e.getSQLState())) {
                    throw e;
                }
            }
            return rows;
        }
    }

    /** One column: its definition and how each database shows it alike. */
    private record Added(String name, String definition, String atPostgres, String atMySql) {
        static Added plain(String name, String definition) {
            return new Added(name, definition, name, name);
        }
    }

    private static final List<Added> POSTGRES_COLUMNS = List.of(
            Added.plain("n", "int NOT NULL DEFAULT 42"),
            Added.plain("t", "text DEFAULT 'it''s \"5\" \\ 100%'"),
            Added.plain("amount", "numeric(10,2) NOT NULL DEFAULT -1.5"),
            new Added(
                    "moment",
                    "timestamptz DEFAULT now()",
                    "to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
                    "date_format(moment, '%Y-%m-%d %H:%i:%s.%f')"),
            new Added("flag", "boolean NOT NULL DEFAULT true", "flag::int", "flag"),
            new Added("bytes", "bytea DEFAULT '\\x0027ff'", "encode(bytes, 'hex')", "lower(hex(bytes))"),
            new Added("doc", "jsonb DEFAULT '{\"a\": [1, \"it''s\"]}'", "doc::text", "doc"),
            new Added("feeling", "mood DEFAULT 'it''s ok'", "feeling::text", "feeling"),
            new Added(
                    "words",
                    "text[] DEFAULT ARRAY['a', 'it''s', 'c,d']",
                    "replace(to_json(words)::text, ' ', '')",
                    "replace(words, ' ', '')"));

    private static final List<Added> MYSQL_COLUMNS = List.of(
            Added.plain("n", "int NOT NULL DEFAULT 42"),
            Added.plain("t", "text DEFAULT ('it''s \"5\" 100%')"),
            Added.plain("amount", "decimal(10,2) NOT NULL DEFAULT -1.5"),
            new Added(
                    "moment",
                    "datetime(3) DEFAULT '2026-02-03 04:05:06.789'",
                    "to_char(moment, 'YYYY-MM-DD HH24:MI:SS.US')",
                    "date_format(moment, '%Y-%m-%d %H:%i:%s.%f')"),
            Added.plain("zero", "int NOT NULL"),
            Added.plain("blank", "varchar(20) NOT NULL"),
            new Added("bytes", "varbinary(10) DEFAULT x'0027ff'", "encode(bytes, 'hex')", "lower(hex(bytes))"),
            Added.plain("feeling", "enum('sad', 'it''s ok') NOT NULL"),
            Added.plain("feeling2", "enum('sad', 'it''s ok') DEFAULT 'it''s ok'"),
            new Added("doc", "json DEFAULT ('{\"a\": [1, \"its\"]}')", "doc::text", "doc"));

    @Test
    void fromPostgres() throws Exception {
        postgres.createDatabase(SOURCE);
        postgres.createDatabase(TARGET);
        try (Connection source = servers.postgres(SOURCE);
                Connection toPostgres = servers.postgres(TARGET);
                Connection toMySql = servers.mySql(TARGET);
                WaysAgent agent = new WaysAgent(directory, servers.postgresSource(), sinks())) {
            String mood = "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')";
            run(source, mood);
            run(toPostgres, mood);
            run(
                    agent,
                    source,
                    POSTGRES_COLUMNS,
                    new Copy(source, "item", shown(POSTGRES_COLUMNS, true)),
                    new Copy(toPostgres, "public.item", shown(POSTGRES_COLUMNS, true)),
                    new Copy(toMySql, "item", shown(POSTGRES_COLUMNS, false)));
            run(source, "ALTER TABLE item ADD COLUMN token float8 DEFAULT random()");
            work(source, 3);
            agent.await("a warning", () -> log(agent).contains("SOURCE-EXISTING-UNKNOWN: column token of public.item"));
        } finally {
            servers.dropPostgresSource();
            postgres.dropDatabase(TARGET);
        }
    }

    @Test
    void fromMySql() throws Exception {
        postgres.createDatabase(TARGET);
        try (Connection source = servers.mySql(SOURCE);
                Connection toPostgres = servers.postgres(TARGET);
                Connection toMySql = servers.mySql(TARGET);
                WaysAgent agent = new WaysAgent(directory, servers.mySqlSource(), sinks())) {
            run(
                    agent,
                    source,
                    MYSQL_COLUMNS,
                    new Copy(source, "item", shown(MYSQL_COLUMNS, false)),
                    new Copy(toPostgres, SOURCE + ".item", shown(MYSQL_COLUMNS, true)),
                    new Copy(toMySql, "item", shown(MYSQL_COLUMNS, false)));
            run(source, "ALTER TABLE item ADD COLUMN token datetime DEFAULT CURRENT_TIMESTAMP");
            work(source, 3);
            agent.await(
                    "a warning", () -> log(agent).contains("SOURCE-EXISTING-UNKNOWN: column token of existing.item"));
        } finally {
            postgres.dropDatabase(TARGET);
        }
    }

    private static List<String> shown(List<Added> added, boolean atPostgres) {
        List<String> shown = new ArrayList<>(List.of("id", "name"));
        added.forEach(column -> shown.add(atPostgres ? column.atPostgres : column.atMySql));
        return shown;
    }

    private void run(WaysAgent agent, Connection source, List<Added> added, Copy truth, Copy... copies)
            throws Exception {
        run(source, "CREATE TABLE item (id int PRIMARY KEY, name varchar(20))");
        work(source, 50);
        agent.process.start(armed("sink.jdbc.before-ddl=hold"));
        agent.await("the snapshot is there", () -> same(truth, copies));
        add(source, added.get(0));
        work(source, 10);
        killAt(agent, source, "sink.jdbc.before-ddl");
        agent.process.start(armed("sink.jdbc.after-ddl=hold"));
        killAt(agent, source, "sink.jdbc.after-ddl");
        // The target has the column, and nothing remembers that.
        agent.process.start(armed("sink.jdbc.after-ddl=hold@3"));
        agent.await("the first column is there", () -> same(truth, copies));
        agent.process.kill();
        // Rows of the old shape and the new one in one go, while nobody looks.
        for (Added column : added.subList(1, added.size())) {
            work(source, 3);
            add(source, column);
        }
        work(source, 20);
        agent.process.start();
        agent.await("all columns are there", () -> same(truth, copies));
        assertThat(log(agent)).doesNotContain("SOURCE-EXISTING");
        agent.requireUnhalted();
    }

    private void add(Connection source, Added column) throws SQLException {
        run(source, "ALTER TABLE item ADD COLUMN " + column.name + " " + column.definition);
        columns.add(column.name);
    }

    private void work(Connection source, int rows) throws SQLException {
        for (int i = 0; i < rows; i++) {
            int id = next++;
            // MySQL's own for columns that are NOT NULL without a default
            String insert = columns.contains("zero") ? "INSERT IGNORE" : "INSERT";
            run(source, insert + " INTO item (id, name) VALUES (" + id + ", 'n" + id + "')");
            run(source, "UPDATE item SET name = 'u" + id + "' WHERE id = " + (id / 2));
            if (id % 7 == 0) {
                run(source, "DELETE FROM item WHERE id = " + (id / 3));
            }
        }
    }

    private static boolean same(Copy truth, Copy... copies) throws SQLException {
        int columns = truth.rows(2).isEmpty() ? 2 : width(truth);
        List<String> rows = truth.rows(columns);
        for (Copy copy : copies) {
            if (!copy.rows(columns).equals(rows)) {
                return false;
            }
        }
        return true;
    }

    /** How many of the columns the source has by now. */
    private static int width(Copy truth) throws SQLException {
        int columns = 2;
        while (columns < truth.expressions.size() && !truth.rows(columns + 1).isEmpty()) {
            columns++;
        }
        return columns;
    }

    private static String log(WaysAgent agent) throws Exception {
        return Files.readString(agent.process.output()) + Files.readString(agent.process.errors());
    }

    private static String armed(String failpoint) {
        return "-Dtailrace.failpoints=" + failpoint;
    }

    private void killAt(WaysAgent agent, Connection source, String failpoint) throws Exception {
        agent.await("the agent comes to " + failpoint, () -> {
            work(source, 2);
            return agent.process.isAtFailpoint(failpoint);
        });
        agent.process.kill();
    }
}
