package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.RequiresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every type of MySQL through the whole agent, between real servers, to PostgreSQL and to MySQL; {@link TypesTest} has those
 * of PostgreSQL. The servers' own texts are compared, without any code of ours in between.
 */
@ExtendWith(ServerExtension.class)
@CapturesFrom(SourceKind.MYSQL_GTID)
@RequiresServer(RequiresServer.Kind.MYSQL)
class WaysTest {
    /** A user and a database of that name at each server; the targets are other databases. */
    private static final String NAME = "ways";

    private static final String TARGET = "ways_target";
    private static final String OPTIONS =
            "?sslMode=DISABLED&characterEncoding=UTF-8&connectionTimeZone=UTC&yearIsDateType=false&tinyInt1isBit=false"
                    + "&transformedBitIsBoolean=false&sessionVariables=time_zone='%2B00:00'";

    @TempDir
    private Path directory;

    private EmbeddedServer postgres;
    private MySqlSourceServer mySql;
    private WaysServers servers;

    /** @param table with the database or schema where that is needed */
    private record Target(Connection connection, String schema) {
        String table(String name) {
            return schema + name;
        }

        List<String> column(String expression, String table) throws SQLException {
            List<String> found = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SELECT " + expression + " FROM " + table(table))) {
                while (result.next()) {
                    found.add(result.getString(1));
                }
            } catch (SQLException e) {
                // The agent creates the table.
                if (!List.of("42P01", "42S02").contains(e.getSQLState())) {
                    throw e;
                }
            }
            return found;
        }
    }

    @BeforeEach
    void servers(EmbeddedServer postgres, SourceServer mySql) throws Exception {
        this.postgres = postgres;
        this.mySql = (MySqlSourceServer) mySql;
        servers = new WaysServers(postgres, mySql, NAME, TARGET);
    }

    private static Connection mySqlConnection(int port, String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:" + port + "/" + database + OPTIONS, DatabaseServer.USER, "");
    }

    private Connection postgresConnection(String database) throws SQLException {
        Connection connection = postgres.dataSource(database).getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';"
                    + " SET extra_float_digits = 1");
        }
        return connection;
    }

    @Test
    void fromMySql() throws Exception {
        postgres.createDatabase(TARGET);
        WideTable wide = new WideTable("wide", WideColumn.ofMySql());
        try (Connection source = mySqlConnection(mySql.port(), NAME);
                Statement statement = source.createStatement();
                Connection toPostgres = postgresConnection(TARGET);
                Connection toMySql = mySqlConnection(mySql.port(), TARGET);
                WaysAgent agent = new WaysAgent(
                        directory, servers.mySqlSource(), List.of(servers.postgresSink(), servers.mySqlSink()))) {
            statement.execute("SET sql_mode = '', @latin1 = unhex('" + bytes() + "')");
            statement.execute(wide.create() + " DEFAULT CHARACTER SET utf8mb4 ROW_FORMAT=DYNAMIC");
            statement.execute("CREATE TABLE dates (id int PRIMARY KEY, d date, dn date NOT NULL, t datetime(6),"
                    + " tn datetime NOT NULL, s timestamp(6) NULL, sn timestamp NOT NULL)");
            statement.execute("CREATE TABLE unheld (id int PRIMARY KEY, t varchar(20))");
            statement.execute("CREATE TABLE texts (code char(5) PRIMARY KEY, t varchar(20), d date)");
            statement.execute("INSERT INTO texts VALUES ('snap', 's', '2024-02-29')");
            insertImpossible(statement, 1);
            Map<String, Target> targets = new LinkedHashMap<>();
            targets.put("postgres", new Target(toPostgres, NAME + "."));
            targets.put("mysql", new Target(toMySql, ""));
            run(agent, wide, statement, targets, "SET time_zone = '+05:45'", "SET time_zone = '+00:00'");

            page(toPostgres, toMySql).check();
            insertImpossible(statement, 2);
            statement.execute("INSERT INTO texts VALUES ('strm', 't', NULL)");
            // with a rejected row the rest of its batch waits
            agent.await(
                    "both have what came before",
                    () -> targets.get("postgres").column("code", "texts").size() == 2
                            && targets.get("mysql").column("code", "texts").size() == 2);
            statement.execute("INSERT INTO unheld VALUES (1, 'a\\0b')");
            agent.await(
                    "the text with U+0000 is in MySQL",
                    () -> targets.get("mysql").column("HEX(t)", "unheld").equals(List.of("610062")));
            assertRejected(agent, "postgres", "JDBC-REJECTED");
            assertThat(targets.get("postgres").column("t", "unheld")).isEmpty();
            for (Target target : targets.values()) {
                assertThat(target.column("concat(code, t, d)", "texts ORDER BY code"))
                        .containsExactly("snaps2024-02-29", target.schema().isEmpty() ? null : "strmt");
                assertThat(target.column(
                                "id",
                                "dates WHERE d IS NULL AND t IS NULL AND s IS NULL"
                                        + " AND dn = '1970-01-01' AND tn = '1970-01-01 00:00:00'"
                                        + " AND sn = '1970-01-01 00:00:01' ORDER BY id"))
                        .containsExactly("1", "2");
            }
            assertThat(agent.metrics()).contains("tailrace_source_zero_dates_total{table=\"" + NAME + ".dates\"} 6");
        } finally {
            postgres.dropDatabase(TARGET);
        }
    }

    private static TypesPage page(Connection postgres, Connection mySql) throws SQLException {
        TypesPage page = new TypesPage("mysql", "source", "PostgreSQL", "MySQL");
        for (WideColumn column : WideColumn.ofMySql()) {
            page.row(List.of(
                    TypesPage.code(column.type()),
                    TypesPage.code(declared(
                            postgres,
                            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '" + NAME
                                    + ".wide'::regclass AND lower(attname) = '" + lower(column.name()) + "'")),
                    TypesPage.code(declared(
                            mySql,
                            "SELECT column_type FROM information_schema.columns WHERE table_schema = '" + TARGET
                                    + "' AND table_name = 'wide' AND lower(column_name) = '" + lower(column.name())
                                    + "'"))));
        }
        return page;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String declared(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).as(query).isTrue();
            return result.getString(1);
        }
    }

    private static String bytes() {
        StringBuilder all = new StringBuilder();
        for (int i = 1; i < 256; i++) {
            all.append(String.format(Locale.ROOT, "%02X", i));
        }
        return all.toString();
    }

    private static void insertImpossible(Statement statement, int id) throws SQLException {
        statement.execute("INSERT INTO dates VALUES (" + id + ", '0000-00-00', '2024-02-00', '0000-00-00 00:00:00',"
                + " '2024-00-01 01:02:03', '0000-00-00 00:00:00', '0000-00-00 00:00:00')");
    }

    private static void run(
            WaysAgent agent,
            WideTable wide,
            Statement source,
            Map<String, Target> targets,
            String elsewhere,
            String utc)
            throws Exception {
        source.execute("CREATE TABLE fence (id int PRIMARY KEY)");
        source.execute("INSERT INTO fence VALUES (1)");
        wide.fill(source);
        agent.process.start();
        awaitFence(agent, targets, 1);
        source.execute("INSERT INTO fence VALUES (2)"); // from the log: the snapshot has ended
        awaitFence(agent, targets, 2);
        source.execute(elsewhere);
        wide.change(source);
        agent.process.kill();
        wide.changeUnseen(source);
        agent.process.start();
        source.execute(utc);
        wide.changeLater(source);
        source.execute("INSERT INTO fence VALUES (3)");
        awaitFence(agent, targets, 3);
        Map<Integer, List<String>> expected = wide.read(source.getConnection(), "wide");
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, Target> target : targets.entrySet()) {
            for (String difference : wide.differences(
                    expected,
                    wide.read(target.getValue().connection(), target.getValue().table("wide")))) {
                differences.add(target.getKey() + " " + difference);
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void awaitFence(WaysAgent agent, Map<String, Target> targets, int number) throws Exception {
        for (Map.Entry<String, Target> target : targets.entrySet()) {
            agent.await(
                    "fence " + number + " in " + target.getKey(),
                    () -> target.getValue().column("id", "fence").contains(String.valueOf(number)));
        }
    }

    private static void assertRejected(WaysAgent agent, String sink, String code) throws Exception {
        agent.await("sink " + sink + " sets it aside", () -> agent.sink(sink).parkedKeys() > 0);
        assertThat(agent.verb("dlq", "list", "--sink", sink)).contains(code);
    }
}
