package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static dev.tailrace.sink.jdbc.TypeHazard.numeric;
import static dev.tailrace.sink.jdbc.TypeHazard.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What MySQL and MariaDB do without a word: another row changed, keys merged, values rounded, transactions ended. */
@RequiresServer({RequiresServer.Kind.MYSQL, RequiresServer.Kind.MARIADB})
class MySqlHazardsTest {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"), text("doc"));
    private static final TableSchema NAMED = table(2, "named", List.of(0), text("name"), number("n"));
    private static final String TWO_KEYS =
            "CREATE TABLE item (id bigint PRIMARY KEY, name varchar(40), doc varchar(40), UNIQUE (name))";

    private static SinkException refused(JdbcTarget target, ChangeStream changes) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(changes));
        assertThat(failure).as("the batch was taken").isNotNull();
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        return failure;
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void anotherUniqueKeyNeverLeadsToAnotherRow(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.prepared(TWO_KEYS, "INSERT INTO item VALUES (1, 'a', 'first')");
            target.prepared("INSERT INTO item VALUES (2, 'a', 'second') ON DUPLICATE KEY UPDATE doc = VALUES(doc)");
            assertThat(target.query("SELECT * FROM item"))
                    .as("what the plain form does")
                    .containsExactly("1|a|second");
            target.prepared("UPDATE item SET doc = 'first'");

            SinkException failure = refused(
                    target, changes(c -> c.insert(ITEM, 2L, "a", "second").commit()));
            assertThat(failure.code()).isEqualTo("JDBC-REJECTED");
            assertThat(failure).hasMessageContaining("1062").hasMessageContaining("key ");
            assertThat(target.query("SELECT * FROM item")).containsExactly("1|a|first");

            target.write(changes(c -> c.delete(ITEM, 1L)
                    .insert(ITEM, 2L, "a", "second")
                    .insert(ITEM, 3L, "b", "third")
                    .update(ITEM, 3L, "c", Row.absent())
                    .commit()));
            assertThat(target.query("SELECT * FROM item ORDER BY id")).containsExactly("2|a|second", "3|c|third");
        }
    }

    private static ChangeStream changes(java.util.function.Consumer<ChangeStream> made) {
        ChangeStream stream = new ChangeStream();
        made.accept(stream);
        return stream;
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void aUniqueKeyOnAPartOfAValueCountsToo(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.prepared(
                    "CREATE TABLE item (id bigint PRIMARY KEY, name varchar(40), doc varchar(40), UNIQUE (name(2)))",
                    "INSERT INTO item VALUES (1, 'abc', 'first')");
            refused(target, changes(c -> c.insert(ITEM, 2L, "abd", "second").commit()));
            assertThat(target.query("SELECT * FROM item")).containsExactly("1|abc|first");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void historyWithAnotherUniqueKeyIsNotSwallowed(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.with("mode", "append").open(1, ITEM);
            target.prepared("ALTER TABLE item MODIFY name varchar(40), ADD UNIQUE (name)");
            target.open(1, ITEM);
            target.write(changes(c -> c.insert(ITEM, 1L, "a", "x").commit()));
            ChangeStream second = new ChangeStream();
            second.commit();
            second.insert(ITEM, 2L, "a", "x").commit();
            refused(target, second);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void keysThatDifferByCaseAccentOrSpaceAreDifferentRows(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            ChangeStream stream = new ChangeStream();
            stream.insert(NAMED, "a", 1L)
                    .insert(NAMED, "A", 2L)
                    .insert(NAMED, "ä", 3L)
                    .insert(NAMED, "a ", 4L)
                    .insert(NAMED, "\uD83D\uDE00", 5L)
                    .commit();
            stream.update(NAMED, "a ", 44L).delete(NAMED, "A").commit();
            target.write(stream.frames().get(0).batch());
            target.write(stream.frames().get(1).batch());
            assertThat(target.query("SELECT n FROM named ORDER BY n")).containsExactly("1", "3", "5", "44");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void aTableThatWouldMergeKeysIsRefusedAndMended(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.prepared("CREATE TABLE named (name varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"
                    + " PRIMARY KEY, n bigint) ENGINE=MyISAM");
            List<Finding> findings = target.definition().preflight(JdbcTarget.context(1, "j", NAMED));
            assertThat(findings)
                    .extracting(Finding::code, Finding::severity)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", Severity.FATAL),
                            org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", Severity.FATAL),
                            org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", Severity.WARNING));
            for (int i = 0; i < 2; i++) {
                SinkException failure = target.halted(NAMED);
                assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
                target.prepared(failure.remedy());
            }
            target.open(1, NAMED);
            target.write(
                    changes(c -> c.insert(NAMED, "a", 1L).insert(NAMED, "A", 2L).commit()));
            assertThat(target.query("SELECT n FROM named ORDER BY n")).containsExactly("1", "2");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void columnsThatDifferOnlyByCaseAreRefused(TestServer server) throws Exception {
        TableSchema twins = table(3, "twins", List.of(0), number("id"), text("Id"));
        try (JdbcTarget target = new JdbcTarget(server)) {
            assertThat(target.halted(twins)).hasMessageContaining("differ only by case");
            assertThat(target.definition().preflight(JdbcTarget.context(1, "j", twins)))
                    .extracting(Finding::code)
                    .containsExactly("JDBC-SHAPE");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void zeroIsAValueOfAnAutoIncrementColumn(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.prepared("CREATE TABLE item (id bigint AUTO_INCREMENT PRIMARY KEY, name longtext, doc longtext)");
            target.write(changes(c -> c.insert(ITEM, 0L, "zero", "x").commit()));
            assertThat(target.query("SELECT id, name FROM item")).containsExactly("0|zero");
        }
    }

    private static final List<TypeHazard> HAZARDS = List.of(
            numeric("decimal(10,2)", "1.005", "1.500", "1.50"),
            of("numeric", ValueType.DECIMAL, "decimal(10,2)", Double.NaN, null, "-"),
            numeric("double", "9007199254740993", "0.1", "0.1"),
            of("int8", ValueType.INT64, "double", (1L << 53) + 1, 1L << 53, "9.007199254740992E15"),
            of("int8", ValueType.INT64, "float", (1L << 24) + 1, 1L << 16, "65536.0"),
            of("float8", ValueType.FLOAT64, "float", 0.1, -0.5, "-0.5"),
            of("float8", ValueType.FLOAT64, "double", Double.POSITIVE_INFINITY, 1.5, "1.5"),
            of("text", ValueType.TEXT, "varchar(3)", "abc ", "ab ", "ab "),
            of("timestamp", ValueType.TIMESTAMP, "datetime", 1L, 1_000_000L, "1970-01-01 00:00:01"),
            of("timestamp", ValueType.TIMESTAMP, "datetime", ValueType.TIMESTAMP_INFINITY, null, "-"),
            of("timestamp", ValueType.TIMESTAMP, "datetime", 253_402_300_800_000_000L, null, "-"),
            of("int4", ValueType.INT32, "year", 5, 2026, "2026"),
            of("bytea", ValueType.BYTES, "binary(4)", new byte[] {1}, new byte[] {0, 1, 2, 3}, "00010203"));

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void whatTheServerWouldRoundOrCutIsRefused(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            TypeHazard.assertRefused(target, HAZARDS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void aKeyBeyondTheIndexIsRefusedNotCut(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.open(1, NAMED);
            assertThat(refused(
                                    target,
                                    changes(c ->
                                            c.insert(NAMED, "k".repeat(769), 1L).commit()))
                            .code())
                    .isEqualTo("JDBC-VALUE");
            target.write(
                    changes(c -> c.insert(NAMED, "\uD83D\uDE00".repeat(768), 1L).commit()));
            assertThat(target.query("SELECT char_length(name) FROM named")).containsExactly("768");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void statementsStayWithinThePacket(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            List<String> before = server.query("", "SELECT @@GLOBAL.max_allowed_packet");
            target.prepared("SET GLOBAL max_allowed_packet = 1048576");
            try {
                target.open(1, ITEM);
                assertThat(target.definition().preflight(JdbcTarget.context(1, "j", ITEM)))
                        .extracting(Finding::code, Finding::severity)
                        .containsExactly(org.assertj.core.groups.Tuple.tuple("JDBC-ROW-SIZE", Severity.WARNING));
                ChangeStream stream = new ChangeStream();
                String quotes = "'\\\"\n".repeat(50_000);
                for (long id = 0; id < 20; id++) {
                    stream.insert(ITEM, id, quotes, "x".repeat(60_000));
                }
                for (long id = 0; id < 20; id++) {
                    stream.update(ITEM, id, Row.absent(), "y".repeat(70_000));
                }
                stream.commit();
                target.write(stream);
                assertThat(target.query("SELECT count(*), min(length(name)), sum(length(doc)) FROM item"))
                        .containsExactly("20|200000|1400000");
                SinkException failure = refused(
                        target,
                        changes(
                                c -> c.commit(),
                                c -> c.insert(ITEM, 99L, "x".repeat(1_100_000), "x")
                                        .commit()));
                assertThat(failure.code()).isEqualTo("JDBC-ROW-SIZE");
                assertThat(failure).hasMessageContaining("max_allowed_packet is 1048576");
                assertThat(failure.remedy()).contains("max_allowed_packet");
            } finally {
                target.prepared("SET GLOBAL max_allowed_packet = " + before.get(0));
            }
        }
    }

    @SafeVarargs
    private static ChangeStream changes(java.util.function.Consumer<ChangeStream>... frames) {
        ChangeStream stream = new ChangeStream();
        for (java.util.function.Consumer<ChangeStream> frame : frames) {
            frame.accept(stream);
        }
        return stream;
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void rowsOfAnyKindOfKeyChangePlaces(TestServer server) throws Exception {
        TableSchema day =
                table(6, "days", List.of(0, 1), number("n"), Column.of("d", "date", ValueType.DATE, true), text("v"));
        try (JdbcTarget target = new JdbcTarget(server)) {
            ChangeStream stream = new ChangeStream();
            stream.insert(NAMED, "a", 1L)
                    .insert(NAMED, "b", 2L)
                    .insert(NAMED, "c", 3L)
                    .insert(day, 1L, 10, "ten")
                    .insert(day, 1L, 11, "eleven")
                    .commit();
            stream.rekey(NAMED, List.of("a"), "b", 1L)
                    .rekey(NAMED, List.of("b"), "a", 2L)
                    .rekey(day, List.of(1L, 10), 1L, 11, Row.absent())
                    .rekey(day, List.of(1L, 11), 1L, 10, Row.absent())
                    .commit();
            target.write(stream.frames().get(0).batch());
            target.write(stream.frames().get(1).batch());
            assertThat(target.query("SELECT name, n FROM named ORDER BY name")).containsExactly("a|2", "b|1", "c|3");
            assertThat(target.query("SELECT v FROM days ORDER BY d")).containsExactly("eleven", "ten");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void eitherUrlReachesEitherServer(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            String url = server.url(target.database);
            target.with(
                    "url",
                    url.startsWith("jdbc:mysql:")
                            ? url.replace("jdbc:mysql:", "jdbc:mariadb:")
                            : url.replace("jdbc:mariadb:", "jdbc:mysql:"));
            target.write(changes(c -> c.insert(ITEM, 1L, "a", "x").commit()));
            assertThat(target.query("SELECT * FROM item")).containsExactly("1|a|x");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void aSchemaOfTheSourceMayBeADatabaseOfItsOwn(TestServer server) throws Exception {
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.with("target", target.database + "_{schema}.{table}");
            target.write(changes(c -> c.insert(ITEM, 1L, "a", "x").commit()));
            assertThat(target.query("SELECT * FROM " + target.database + "_public.item"))
                    .containsExactly("1|a|x");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void manyColumnsOfTextFitIntoOneRow(TestServer server) throws Exception {
        Column[] columns = new Column[60];
        columns[0] = number("id");
        Object[] values = new Object[columns.length];
        values[0] = 1L;
        for (int i = 1; i < columns.length; i++) {
            columns[i] = new Column("c" + i, "varchar", 1000, -1, true, ValueType.TEXT, null);
            values[i] = "ü".repeat(1000);
        }
        TableSchema wide = table(5, "wide", List.of(0), columns);
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.open(1, wide);
            target.write(changes(c -> c.insert(wide, values).commit()));
            assertThat(target.query("SELECT char_length(c1) + char_length(c59) FROM wide"))
                    .containsExactly("2000");
        }
    }

    /** The one-statement form for many keys must not read the whole table. */
    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void deletesByManyKeysUseTheIndex(TestServer server) throws Exception {
        TableSchema pair = table(8, "pair", List.of(0, 1), number("a"), text("b"));
        try (JdbcTarget target = new JdbcTarget(server)) {
            target.open(1, pair);
            ChangeStream stream = new ChangeStream();
            for (long i = 0; i < 20_000; i++) {
                stream.insert(pair, i % 100, "b" + i);
            }
            stream.commit();
            target.write(stream);
            assertThat(rowsReadBy(server, target.database)).isLessThan(2_000);
        }
    }

    private static long rowsReadBy(TestServer server, String database) throws SQLException {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            keys.append(i > 0 ? "," : "")
                    .append("(")
                    .append(i % 100)
                    .append(",'b")
                    .append(i)
                    .append("')");
        }
        try (Connection connection = server.connect(database)) {
            TestPostgres.run(connection, "FLUSH STATUS", "DELETE FROM pair WHERE (`a`, `b`) IN (" + keys + ")");
            return TestPostgres.query(connection, "SHOW SESSION STATUS LIKE 'Handler_read%'").stream()
                    .mapToLong(row -> Long.parseLong(row.split("\\|", -1)[1]))
                    .sum();
        }
    }
}
