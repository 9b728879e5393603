package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.server.RequiresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The matrix of types: every type of PostgreSQL through the whole agent, as a column and as a key, by snapshot and by log and
 * past a SIGKILL, to every kind of target. The servers' own texts are compared, without any code of ours in between.
 */
@ExtendWith(ServerExtension.class)
@RequiresServer({RequiresServer.Kind.MYSQL, RequiresServer.Kind.MARIADB})
class TypesTest {
    private static final String NAME = "types";
    /** So many that a row of texts fits into a page of InnoDB. */
    private static final int COLUMNS = 45;

    @TempDir
    private Path directory;

    private final List<TypeCase> cases = PostgresTypeCases.all();
    private final List<WideTable> wide = new ArrayList<>();
    private final List<KeyTable> keys =
            cases.stream().filter(TypeCase::isKey).map(KeyTable::new).toList();
    /** Values that only PostgreSQL holds. */
    private final WideTable beyond = new WideTable(
            "beyond",
            cases.stream()
                    .filter(type -> !type.beyond().isEmpty())
                    .map(type -> new WideColumn(type.name(), type.type(), type.form(), type.beyond()))
                    .toList());

    private EmbeddedServer postgres;

    @Test
    void everyTypeArrivesAtEveryTarget(EmbeddedServer server) throws Exception {
        postgres = server;
        for (int from = 0; from < cases.size(); from += COLUMNS) {
            wide.add(new WideTable(
                    "wide_" + from / COLUMNS,
                    cases.subList(from, Math.min(from + COLUMNS, cases.size())).stream()
                            .map(TypeCase::column)
                            .toList()));
        }
        server.createDatabase(NAME);
        List<TypesTarget> targets = TypesTarget.open(server);
        try (Connection source = TypesTarget.inUtc(server.dataSource(NAME).getConnection());
                Statement statement = source.createStatement();
                WaysAgent agent = new WaysAgent(
                        directory,
                        List.of(
                                "type: postgres",
                                "host: 127.0.0.1",
                                "port: " + server.port(),
                                "database: " + NAME,
                                "user: " + EmbeddedServer.USER,
                                "password: unused-here",
                                "tables: [\"public.*\"]"),
                        targets.stream().map(this::sink).toList())) {
            prepare(statement, targets);
            traffic(agent, statement, targets);
            // as the agent's own sessions: a name in a value has its schema
            statement.execute("SET search_path = pg_catalog");
            List<String> differences = new ArrayList<>();
            for (TypesTarget target : targets) {
                differences(target, source, differences);
            }
            assertThat(differences).isEmpty();
            statement.execute("RESET search_path");
            computedColumns(source, targets);
            page(targets).check();
            refusal(agent, statement, targets);
        } finally {
            for (TypesTarget target : targets) {
                target.connection().close();
            }
            dropSlot();
            server.dropDatabase(NAME);
            server.dropDatabase("types_target");
        }
    }

    private List<String> sink(TypesTarget target) {
        List<String> lines = new ArrayList<>(target.sink());
        if (!target.isPostgres()) {
            lines.add(
                    "tables: [\"public.wide*\", \"public.key*\", \"public.fence\", \"public.computed*\", \"public.unheld\"]");
        }
        return lines;
    }

    private void prepare(Statement source, List<TypesTarget> targets) throws Exception {
        List<String> statements = new ArrayList<>(UserTypeCases.preparations());
        statements.addAll(UserTypeCases.sourceOnly());
        statements.add("CREATE TABLE fence (id int PRIMARY KEY)");
        wide.forEach(table -> statements.add(table.create()));
        keys.forEach(table -> statements.add(table.create()));
        statements.add(beyond.create());
        statements.add("CREATE TABLE unheld (id int PRIMARY KEY, n numeric(10,2))");
        for (String name : List.of("computed", "computed_there")) {
            statements.add("CREATE TABLE " + name + " (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, base int,"
                    + " seq int GENERATED BY DEFAULT AS IDENTITY, twice int GENERATED ALWAYS AS (base * 2) STORED,"
                    + " thrice int GENERATED ALWAYS AS (base * 3) VIRTUAL)");
        }
        for (String sql : statements) {
            source.execute(sql);
        }
        for (TypesTarget target : targets) {
            if (target.isPostgres()) {
                for (String sql : UserTypeCases.preparations()) {
                    target.run(sql);
                }
                for (String sql : UserTypeCases.targetOnly()) {
                    target.run(String.format(sql, target.connection().getCatalog()));
                }
                target.run("SET search_path = public, ext");
                target.run("CREATE TABLE computed_there (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, base int,"
                        + " seq int GENERATED BY DEFAULT AS IDENTITY, twice int GENERATED ALWAYS AS (base * 200) STORED,"
                        + " thrice int GENERATED ALWAYS AS (base * 300) VIRTUAL)");
            } else {
                target.run("CREATE TABLE computed_there (id int AUTO_INCREMENT PRIMARY KEY, base int, seq int,"
                        + " twice int GENERATED ALWAYS AS (base * 200) STORED,"
                        + " thrice int GENERATED ALWAYS AS (base * 300) VIRTUAL)");
            }
        }
    }

    private void traffic(WaysAgent agent, Statement source, List<TypesTarget> targets) throws Exception {
        source.execute("INSERT INTO fence VALUES (1)");
        for (WideTable table : tables()) {
            table.fill(source);
        }
        for (KeyTable table : keys) {
            table.fill(source);
        }
        compute(source, 10);
        agent.process.start();
        awaitFence(agent, targets, 1);
        source.execute("INSERT INTO fence VALUES (2)"); // from the log: the snapshot has ended
        awaitFence(agent, targets, 2);
        source.execute("SET TimeZone = 'Asia/Kathmandu'");
        for (WideTable table : tables()) {
            table.change(source);
        }
        for (KeyTable table : keys) {
            table.change(source);
        }
        compute(source, 20);
        agent.process.kill();
        for (WideTable table : tables()) {
            table.changeUnseen(source);
        }
        for (KeyTable table : keys) {
            table.changeUnseen(source);
        }
        agent.process.start();
        source.execute("SET TimeZone = 'UTC'");
        for (WideTable table : tables()) {
            table.changeLater(source);
        }
        for (KeyTable table : keys) {
            table.changeLater(source);
        }
        source.execute("UPDATE computed SET base = base + 1");
        source.execute("UPDATE computed_there SET base = base + 1");
        source.execute("INSERT INTO fence VALUES (3)");
        awaitFence(agent, targets, 3);
    }

    private static void compute(Statement source, int base) throws Exception {
        source.execute("INSERT INTO computed (base) VALUES (" + base + ")");
        source.execute("INSERT INTO computed_there (base) VALUES (" + base + ")");
    }

    private List<WideTable> tables() {
        List<WideTable> all = new ArrayList<>(wide);
        all.add(beyond);
        return all;
    }

    private void differences(TypesTarget target, Connection source, List<String> differences) throws Exception {
        for (WideTable table : target.isPostgres() ? tables() : wide) {
            for (String difference : table.differences(table.readFor(target, source), table.read(target))) {
                differences.add(target.title() + " " + difference);
            }
        }
        for (KeyTable table : keys) {
            Map<String, String> expected = new TreeMap<>(table.readFor(target, source));
            Map<String, String> actual = table.read(target);
            if (!expected.equals(actual)) {
                differences.add(target.title() + " " + table.name() + " "
                        + table.type().type() + ": " + actual + " instead of " + expected);
            }
        }
    }

    private TypesPage page(List<TypesTarget> targets) throws Exception {
        List<String> head = new ArrayList<>(List.of("source"));
        targets.forEach(target -> head.add(target.title()));
        head.addAll(List.of("only PostgreSQL holds", ""));
        TypesPage page = new TypesPage("postgres", head.toArray(String[]::new));
        for (int i = 0; i < cases.size(); i++) {
            TypeCase type = cases.get(i);
            List<String> cells = new ArrayList<>(List.of(type.title()));
            for (TypesTarget target : targets) {
                String declared = target.declared("wide_" + i / COLUMNS, type.name());
                String key = type.isKey() ? target.declared("key_" + type.name(), "k") : declared;
                cells.add(TypesPage.code(declared) + (key.equals(declared) ? "" : ", as a key " + TypesPage.code(key)));
            }
            cells.add(type.beyond().stream()
                    .map(value -> TypesPage.code(value.substring(1, value.length() - 1)))
                    .collect(Collectors.joining(", ")));
            cells.add(type.note());
            page.row(cells);
        }
        return page;
    }

    /** What the source computes arrives as plain values, unless the target computes it by itself. */
    private static void computedColumns(Connection source, List<TypesTarget> targets) throws Exception {
        assertThat(rows(source, "computed", "thrice")).containsExactly("1|11|1|22|33", "2|21|2|42|63");
        for (TypesTarget target : targets) {
            assertThat(rows(target.connection(), "computed", "NULL"))
                    .containsExactly("1|11|1|22|null", "2|21|2|42|null");
            assertThat(rows(target.connection(), "computed_there", "thrice"))
                    .as(target.title())
                    .containsExactly("1|11|1|2200|3300", "2|21|2|4200|6300");
        }
    }

    private static List<String> rows(Connection connection, String table, String last) throws Exception {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT id, base, seq, twice, " + last + " FROM " + table + " ORDER BY id")) {
            while (result.next()) {
                found.add(result.getString(1) + "|" + result.getString(2) + "|" + result.getString(3) + "|"
                        + result.getString(4) + "|" + result.getString(5));
            }
        }
        return found;
    }

    /** A value that a target cannot hold halts its pipeline; {@link RefusedValuesTest} has all of them. */
    private static void refusal(WaysAgent agent, Statement source, List<TypesTarget> targets) throws Exception {
        source.execute("INSERT INTO unheld VALUES (1, 1.50)");
        for (TypesTarget target : targets) {
            agent.await(
                    "the ordinary number is there",
                    () -> target.column("n", "unheld").equals(List.of("1.50")));
        }
        source.execute("INSERT INTO unheld VALUES (2, 'NaN')");
        for (TypesTarget target : targets) {
            if (target.isPostgres()) {
                agent.await("NaN is there", () -> target.column("n", "unheld").equals(List.of("1.50", "NaN")));
            } else {
                agent.await(
                        "sink " + target.name() + " is halted",
                        () -> agent.sink(target.name()).state().equals("halted"));
                assertThat(agent.sink(target.name()).lastError().code()).isEqualTo("JDBC-VALUE");
                assertThat(target.column("n", "unheld")).containsExactly("1.50");
            }
        }
    }

    private static void awaitFence(WaysAgent agent, List<TypesTarget> targets, int number) throws Exception {
        for (TypesTarget target : targets) {
            agent.await("fence " + number + " in " + target.name(), () -> {
                agent.requireUnhalted();
                return target.column("id", "fence").contains(String.valueOf(number));
            });
        }
    }

    private void dropSlot() throws Exception {
        try (Connection connection = postgres.dataSource(NAME).getConnection();
                Statement statement = connection.createStatement()) {
            Await.until("the server has noticed the agent's end", Duration.ofSeconds(30), () -> {
                statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE slot_name LIKE 'tailrace_%' AND database = '" + NAME + "' AND NOT active");
                try (ResultSet slots =
                        statement.executeQuery("SELECT 1 FROM pg_replication_slots WHERE database = '" + NAME + "'")) {
                    return !slots.next();
                }
            });
        }
    }
}
