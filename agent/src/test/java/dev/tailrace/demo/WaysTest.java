package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.TypesTarget.Kind;
import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.RequiresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every type of MySQL through the whole agent, between real servers, to every kind of target; {@link TypesTest} has those of
 * PostgreSQL. The servers' own texts are compared, without any code of ours in between.
 */
@ExtendWith(ServerExtension.class)
@CapturesFrom(SourceKind.MYSQL_GTID)
@RequiresServer({RequiresServer.Kind.MYSQL, RequiresServer.Kind.MARIADB})
class WaysTest {
    /** A user and a database of that name at the source. */
    private static final String NAME = "ways";

    private static final String OPTIONS =
            "?sslMode=DISABLED&characterEncoding=UTF-8&connectionTimeZone=UTC&yearIsDateType=false&tinyInt1isBit=false"
                    + "&transformedBitIsBoolean=false&sessionVariables=time_zone='%2B00:00'";
    /** As SQL, in which -0.0 is a decimal. SQLite and H2 have none. */
    private static final String NEGATIVE_ZERO = "-0e0";

    @TempDir
    private Path directory;

    private final WideTable wide = new WideTable("wide", WideColumn.ofMySql());
    private final WideTable signed = new WideTable(
            "signed",
            List.of(
                    new WideColumn("SINGLE", "float", WideForm.FLOATING, List.of(NEGATIVE_ZERO)),
                    new WideColumn("TWICE", "double", WideForm.FLOATING, List.of(NEGATIVE_ZERO))));
    private List<TypesTarget> targets = List.of();

    @Test
    void fromMySql(EmbeddedServer postgres, SourceServer server) throws Exception {
        WaysServers servers = new WaysServers(postgres, server, NAME, TypesTarget.DATABASE);
        targets = TypesTarget.open(postgres, server.port(), directory);
        try (Connection source = DriverManager.getConnection(
                        "jdbc:mysql://127.0.0.1:" + server.port() + "/" + NAME + OPTIONS, DatabaseServer.USER, "");
                Statement statement = source.createStatement();
                WaysAgent agent = new WaysAgent(
                        directory,
                        servers.mySqlSource(),
                        targets.stream().map(WaysTest::sink).toList())) {
            prepare(statement);
            run(agent, statement);
            page().check();
            impossibleDates(agent, statement);
            refusals(agent, statement);
        } finally {
            postgres.dropDatabase(TypesTarget.DATABASE);
        }
    }

    private static List<String> sink(TypesTarget target) {
        List<String> tables = new ArrayList<>(List.of("wide", "fence", "dates", "texts", "unheld", "zeros"));
        if (!TypeCase.FILES.contains(target.kind())) {
            tables.add("signed");
        }
        List<String> lines = new ArrayList<>(target.sink());
        lines.add("target: \"{table}\"");
        lines.add(tables.stream().map(table -> NAME + "." + table).collect(Collectors.joining(", ", "tables: [", "]")));
        return lines;
    }

    private void prepare(Statement source) throws SQLException {
        source.execute("SET sql_mode = '', @latin1 = unhex('" + bytes() + "')");
        source.execute(wide.create() + " DEFAULT CHARACTER SET utf8mb4 ROW_FORMAT=DYNAMIC");
        source.execute(signed.create());
        source.execute("CREATE TABLE dates (id int PRIMARY KEY, d date, dn date NOT NULL, t datetime(6),"
                + " tn datetime NOT NULL, s timestamp(6) NULL, sn timestamp NOT NULL)");
        source.execute("CREATE TABLE unheld (id int PRIMARY KEY, t varchar(20))");
        source.execute("CREATE TABLE zeros (id int PRIMARY KEY, d double)");
        source.execute("CREATE TABLE texts (code char(5) PRIMARY KEY, t varchar(20), d date)");
        source.execute("INSERT INTO texts VALUES ('snap', 's', '2024-02-29')");
        insertImpossible(source, 1);
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

    private void run(WaysAgent agent, Statement source) throws Exception {
        source.execute("CREATE TABLE fence (id int PRIMARY KEY)");
        source.execute("INSERT INTO fence VALUES (1)");
        for (WideTable table : List.of(wide, signed)) {
            table.fill(source);
        }
        agent.process.start();
        agent.awaitFence(targets, 1);
        source.execute("INSERT INTO fence VALUES (2)"); // from the log: the snapshot has ended
        agent.awaitFence(targets, 2);
        source.execute("SET time_zone = '+05:45'");
        for (WideTable table : List.of(wide, signed)) {
            table.change(source);
        }
        agent.process.kill();
        for (WideTable table : List.of(wide, signed)) {
            table.changeUnseen(source);
        }
        agent.process.start();
        source.execute("SET time_zone = '+00:00'");
        for (WideTable table : List.of(wide, signed)) {
            table.changeLater(source);
        }
        source.execute("INSERT INTO fence VALUES (3)");
        agent.awaitFence(targets, 3);
        List<String> differences = new ArrayList<>();
        for (TypesTarget target : targets) {
            for (WideTable table : TypeCase.FILES.contains(target.kind()) ? List.of(wide) : List.of(wide, signed)) {
                Map<Integer, List<String>> expected =
                        table.read(source.getConnection(), table.name(), target.readingOf(Kind.MYSQL));
                for (String difference : table.differences(expected, table.read(target, Kind.MYSQL))) {
                    differences.add(target.title() + " " + difference);
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    private TypesPage page() throws SQLException {
        List<String> head = new ArrayList<>(List.of("source"));
        targets.forEach(target -> head.add(target.title()));
        head.add("refused");
        TypesPage page = new TypesPage("mysql", head.toArray(String[]::new));
        for (WideColumn column : WideColumn.ofMySql()) {
            List<String> cells = new ArrayList<>(List.of(TypesPage.code(column.type())));
            for (TypesTarget target : targets) {
                cells.add(TypesPage.code(target.declared("wide", column.name())));
            }
            cells.add(column.form() == WideForm.FLOATING ? "`-0` by SQLite, H2" : "");
            page.row(cells);
        }
        return page;
    }

    private void impossibleDates(WaysAgent agent, Statement source) throws Exception {
        insertImpossible(source, 2);
        source.execute("INSERT INTO texts VALUES ('strm', 't', NULL)");
        // with a rejected row the rest of its batch waits
        for (TypesTarget target : targets) {
            agent.await(
                    target.title() + " has what came before",
                    () -> target.column("code", "texts").size() == 2);
        }
        for (TypesTarget target : targets) {
            assertThat(target.column("code", "texts WHERE t = 's' AND d = '2024-02-29' OR t = 't' AND d IS NULL"))
                    .as(target.title())
                    .containsExactlyInAnyOrder("snap", "strm");
            assertThat(target.column(
                            "id",
                            "dates WHERE d IS NULL AND t IS NULL AND s IS NULL"
                                    + " AND dn = '1970-01-01' AND tn = '1970-01-01 00:00:00'"
                                    + " AND substr(CAST(sn AS char(30)), 1, 19) = '1970-01-01 00:00:01' ORDER BY id"))
                    .as(target.title())
                    .containsExactly("1", "2");
        }
        assertThat(agent.metrics()).contains("tailrace_source_zero_dates_total{table=\"" + NAME + ".dates\"} 6");
    }

    private void refusals(WaysAgent agent, Statement source) throws Exception {
        source.execute("INSERT INTO unheld VALUES (1, 'a\\0b')");
        for (TypesTarget target : targets) {
            if (target.isPostgres()) {
                agent.awaitSetAside(target, "JDBC-REJECTED");
                assertThat(target.column("t", "unheld")).isEmpty();
            } else {
                String text = target.kind() == Kind.H2 ? "CAST(t AS varbinary)" : "t";
                String hex = target.kind() == Kind.H2 ? "rawtohex" : "hex";
                agent.await(
                        "the text with U+0000 is in " + target.title(),
                        () -> target.column(hex + "(" + text + ")", "unheld").equals(List.of("610062")));
            }
        }
        source.execute("INSERT INTO zeros VALUES (1, " + NEGATIVE_ZERO + ")");
        for (TypesTarget target : targets) {
            if (TypeCase.FILES.contains(target.kind())) {
                agent.awaitSetAside(target, "JDBC-VALUE");
                assertThat(target.column("d", "zeros")).isEmpty();
            }
        }
    }
}
