package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.TypesTarget.Kind;
import dev.tailrace.server.RequiresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private final List<KeyTable> keys = cases.stream()
            .filter(TypeCase::isKey)
            .map(type -> new KeyTable("key_" + type.name(), type, type.values()))
            .toList();
    private final List<Beyond> beyond = new ArrayList<>();

    private EmbeddedServer postgres;

    /**
     * Values that some targets refuse, as columns and as keys; the others get the tables.
     *
     * @param name with which the tables' names begin
     */
    private record Beyond(String name, Set<Kind> by, WideTable table, List<KeyTable> keys) {

        static Beyond of(String name, Set<Kind> by, List<TypeCase> cases) {
            List<TypeCase> types =
                    cases.stream().filter(type -> !type.refused(by).isEmpty()).toList();
            return new Beyond(
                    name,
                    by,
                    new WideTable(
                            name,
                            types.stream()
                                    .map(type ->
                                            new WideColumn(type.name(), type.type(), type.form(), type.refused(by)))
                                    .toList()),
                    types.stream()
                            .filter(TypeCase::isKey)
                            .map(type -> new KeyTable(
                                    name + "_" + type.name(),
                                    type,
                                    Stream.concat(type.values().stream(), type.refused(by).stream())
                                            .toList()))
                            .toList());
        }

        boolean isFor(TypesTarget target) {
            return !by.contains(target.kind());
        }
    }

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
        Set<Set<Kind>> refusing = cases.stream()
                .flatMap(type -> type.refusals().stream())
                .map(TypeCase.Refusal::by)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (Set<Kind> by : refusing) {
            beyond.add(Beyond.of("beyond_" + beyond.size(), by, cases));
        }
        server.createDatabase(NAME);
        List<TypesTarget> targets = TypesTarget.open(server, directory);
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
            dropSlot();
            server.dropDatabase(NAME);
            server.dropDatabase("types_target");
        }
    }

    private List<String> sink(TypesTarget target) {
        List<String> tables = new ArrayList<>(List.of("wide*", "key*", "fence", "computed*", "unheld"));
        beyond.stream().filter(b -> b.isFor(target)).forEach(b -> tables.add(b.name() + "*"));
        List<String> lines = new ArrayList<>(target.sink());
        lines.add(tables.stream()
                .map(table -> "\"public." + table + "\"")
                .collect(Collectors.joining(", ", "tables: [", "]")));
        return lines;
    }

    private void prepare(Statement source, List<TypesTarget> targets) throws Exception {
        List<String> statements = new ArrayList<>(UserTypeCases.preparations());
        statements.addAll(UserTypeCases.sourceOnly());
        statements.add("CREATE TABLE fence (id int PRIMARY KEY)");
        tables().forEach(table -> statements.add(table.create()));
        keyTables().forEach(table -> statements.add(table.create()));
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
                    target.run(String.format(sql, "types_target"));
                }
                target.run("CREATE TABLE computed_there (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, base int,"
                        + " seq int GENERATED BY DEFAULT AS IDENTITY, twice int GENERATED ALWAYS AS (base * 200) STORED,"
                        + " thrice int GENERATED ALWAYS AS (base * 300) VIRTUAL)");
            } else {
                String key = switch (target.kind()) {
                    case SQLITE -> "id integer PRIMARY KEY";
                    case H2 -> "id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
                    default -> "id int AUTO_INCREMENT PRIMARY KEY";
                };
                // H2 has no other kind of computed column.
                boolean kinds = target.kind() != Kind.H2;
                target.run("CREATE TABLE computed_there (" + key + ", base int, seq int,"
                        + " twice int GENERATED ALWAYS AS (base * 200)" + (kinds ? " STORED," : ",")
                        + " thrice int GENERATED ALWAYS AS (base * 300)" + (kinds ? " VIRTUAL)" : ")"));
            }
        }
    }

    private void traffic(WaysAgent agent, Statement source, List<TypesTarget> targets) throws Exception {
        source.execute("INSERT INTO fence VALUES (1)");
        for (WideTable table : tables()) {
            table.fill(source);
        }
        for (KeyTable table : keyTables()) {
            table.fill(source);
        }
        compute(source, 10);
        agent.process.start();
        agent.awaitFence(targets, 1);
        source.execute("INSERT INTO fence VALUES (2)"); // from the log: the snapshot has ended
        agent.awaitFence(targets, 2);
        source.execute("SET TimeZone = 'Asia/Kathmandu'");
        for (WideTable table : tables()) {
            table.change(source);
        }
        for (KeyTable table : keyTables()) {
            table.change(source);
        }
        compute(source, 20);
        agent.process.kill();
        for (WideTable table : tables()) {
            table.changeUnseen(source);
        }
        for (KeyTable table : keyTables()) {
            table.changeUnseen(source);
        }
        agent.process.start();
        source.execute("SET TimeZone = 'UTC'");
        for (WideTable table : tables()) {
            table.changeLater(source);
        }
        for (KeyTable table : keyTables()) {
            table.changeLater(source);
        }
        source.execute("UPDATE computed SET base = base + 1");
        source.execute("UPDATE computed_there SET base = base + 1");
        source.execute("INSERT INTO fence VALUES (3)");
        agent.awaitFence(targets, 3);
    }

    private static void compute(Statement source, int base) throws Exception {
        source.execute("INSERT INTO computed (base) VALUES (" + base + ")");
        source.execute("INSERT INTO computed_there (base) VALUES (" + base + ")");
    }

    private List<WideTable> tables() {
        return Stream.concat(wide.stream(), beyond.stream().map(Beyond::table)).toList();
    }

    private List<KeyTable> keyTables() {
        return Stream.concat(keys.stream(), beyond.stream().flatMap(b -> b.keys().stream()))
                .toList();
    }

    private void differences(TypesTarget target, Connection source, List<String> differences) throws Exception {
        List<WideTable> tables = new ArrayList<>(wide);
        List<KeyTable> keyed = new ArrayList<>(keys);
        for (Beyond one : beyond) {
            if (one.isFor(target)) {
                tables.add(one.table());
                keyed.addAll(one.keys());
            }
        }
        for (WideTable table : tables) {
            for (String difference : table.differences(
                    table.read(source, "public." + table.name(), target.readingOf(Kind.POSTGRES)),
                    table.read(target, Kind.POSTGRES))) {
                differences.add(target.title() + " " + difference);
            }
        }
        for (KeyTable table : keyed) {
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
        head.addAll(List.of("refused", ""));
        TypesPage page = new TypesPage("postgres", head.toArray(String[]::new));
        for (int i = 0; i < cases.size(); i++) {
            TypeCase type = cases.get(i);
            List<String> cells = new ArrayList<>(List.of(type.title()));
            for (TypesTarget target : targets) {
                String declared = target.declared("wide_" + i / COLUMNS, type.name());
                String key = type.isKey() ? target.declared("key_" + type.name(), "k") : declared;
                cells.add(TypesPage.code(declared) + (key.equals(declared) ? "" : ", as a key " + TypesPage.code(key)));
            }
            cells.add(refused(type));
            cells.add(type.note());
            page.row(cells);
        }
        return page;
    }

    /** The values with those that refuse them. */
    private static String refused(TypeCase type) {
        return type.refusals().stream()
                .map(TypeCase.Refusal::by)
                .distinct()
                .map(by -> type.refused(by).stream()
                                .map(value -> TypesPage.code(value.replaceAll("^'|'$", "")))
                                .collect(Collectors.joining(", "))
                        + " by " + by.stream().map(Kind::title).collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
    }

    /** What the source computes arrives as plain values, unless the target computes it by itself. */
    private static void computedColumns(Connection source, List<TypesTarget> targets) throws Exception {
        assertThat(rows(source, "computed", "thrice")).containsExactly("1|11|1|22|33", "2|21|2|42|63");
        for (TypesTarget target : targets) {
            try (Connection connection = target.connect()) {
                assertThat(rows(connection, "computed", "NULL"))
                        .as(target.title())
                        .containsExactly("1|11|1|22|null", "2|21|2|42|null");
                assertThat(rows(connection, "computed_there", "thrice"))
                        .as(target.title())
                        .containsExactly("1|11|1|2200|3300", "2|21|2|4200|6300");
            }
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

    /** A value that a target cannot hold is set aside; {@link RefusedValuesTest} has all of them. */
    private static void refusal(WaysAgent agent, Statement source, List<TypesTarget> targets) throws Exception {
        source.execute("INSERT INTO unheld VALUES (1, 1.50)");
        for (TypesTarget target : targets) {
            agent.await(
                    "the ordinary number is there",
                    () -> target.column("n", "unheld").equals(List.of("1.50")));
        }
        source.execute("INSERT INTO unheld VALUES (2, 'NaN')");
        for (TypesTarget target : targets) {
            if (target.isPostgres() || target.kind() == Kind.SQLITE) {
                agent.await("NaN is there", () -> target.column("n", "unheld").equals(List.of("1.50", "NaN")));
            } else {
                agent.awaitSetAside(target, "JDBC-VALUE");
                assertThat(target.column("n", "unheld")).containsExactly("1.50");
            }
        }
    }

    private void dropSlot() throws Exception {
        try (Connection connection = postgres.dataSource(NAME).getConnection();
                Statement statement = connection.createStatement()) {
            Await.until("the server has noticed the agent's end", Duration.ofMinutes(4), () -> {
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
