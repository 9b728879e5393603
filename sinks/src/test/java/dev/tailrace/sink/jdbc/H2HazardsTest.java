package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static dev.tailrace.sink.jdbc.TypeHazard.array;
import static dev.tailrace.sink.jdbc.TypeHazard.numeric;
import static dev.tailrace.sink.jdbc.TypeHazard.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A file of H2: who else has it, what its commits promise, whose names it holds. */
@WritesTo(TestServer.H2)
class H2HazardsTest extends TargetSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"));
    private static final TableSchema NAMED = table(2, "named", List.of(0), text("name"), number("n"));

    /** What follows the commit is run in an open transaction of nobody: H2 keeps no record of it but in its trace. */
    @Test
    void aCommitIsForcedToTheDisk() throws Exception {
        target.open(1, ITEM);
        target.prepared("SET TRACE_LEVEL_FILE 2");
        stream.insert(ITEM, 1L, "a").commit();
        target.write(stream);
        target.prepared("SET TRACE_LEVEL_FILE 0");
        List<String> trace = Files.readAllLines(TestFiles.DIRECTORY.resolve(target.database + ".trace.db"));
        int commit = lastIndexOf(trace, "COMMIT");
        assertThat(commit).as("%s", trace).isNotNegative();
        assertThat(lastIndexOf(trace, "CHECKPOINT SYNC")).isGreaterThan(commit);
        assertThat(target.query("SELECT setting_value FROM information_schema.settings WHERE"
                        + " setting_name = 'WRITE_DELAY'"))
                .containsExactly("0");
    }

    private static int lastIndexOf(List<String> lines, String text) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).contains(text)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void theFileOfAnotherProcessIsWaitedFor() throws Exception {
        target.open(1, ITEM);
        target.close();
        String url = TestServer.H2.url(target.database);
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        H2Holder.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = other.inputReader()) {
            assertThat(out.lines().anyMatch(line -> line.equals("HELD"))).isTrue();
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.open(2, ITEM));
            assertThat(failure.code()).isEqualTo("JDBC-BUSY");
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
            assertThat(target.preflight(ITEM))
                    .extracting(Finding::code, Finding::severity)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("JDBC-BUSY", Severity.TRANSIENT));
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
        target.open(2, ITEM);
    }

    @Test
    void anotherProcessReadsThroughTheServerOfThisOne() throws Exception {
        String url = TestServer.H2.url(target.database).replace("DB_CLOSE_ON_EXIT=FALSE", "AUTO_SERVER=TRUE");
        target.with("url", url).open(1, ITEM);
        stream.insert(ITEM, 1L, "a").commit();
        target.write(stream);
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        H2Reader.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = reader.inputReader()) {
            assertThat(out.lines()).contains("read a");
        } finally {
            reader.destroyForcibly();
        }
        ChangeStream next = new ChangeStream();
        next.commit();
        next.insert(ITEM, 2L, "b").commit();
        target.write(next);
        target.close();
        assertThat(target.preflight(ITEM)).isEmpty();
    }

    /** Reads what the sink of another process has written. */
    static final class H2Reader {
        private H2Reader() {}

        public static void main(String[] arguments) throws Exception {
            try (Connection connection = java.sql.DriverManager.getConnection(arguments[0], "sa", "")) {
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT name FROM item")) {
                    while (rows.next()) {
                        System.out.println("read " + rows.getString(1));
                    }
                }
            }
        }
    }

    /** Opens the file and keeps it. */
    static final class H2Holder {
        private H2Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (Connection connection = java.sql.DriverManager.getConnection(arguments[0], "sa", "")) {
                System.out.println("HELD");
                System.out.flush();
                // Until it is killed.
                while (connection.isValid(0)) {
                    java.util.concurrent.locks.LockSupport.park();
                }
            }
        }
    }

    @Test
    void onlyAnAdministratorMayForce() throws Exception {
        target.open(1, ITEM);
        target.close();
        target.prepared("CREATE USER poor PASSWORD 'p'", "GRANT ALL ON SCHEMA \"public\" TO poor");
        target.with("user", "poor").with("password", "p");
        assertThat(target.preflight(ITEM)).singleElement().satisfies(f -> {
            assertThat(f.code()).isEqualTo("JDBC-PERMISSION");
            assertThat(f.remedy()).contains("ADMIN TRUE");
        });
        assertThat(target.halted(ITEM).code()).isEqualTo("JDBC-PERMISSION");
        target.with("password", "wrong");
        assertThat(target.halted(ITEM).code()).isEqualTo("JDBC-LOGIN");
    }

    @Test
    void aKeyThatIgnoresCaseIsRefusedAndMended() throws Exception {
        target.prepared("CREATE TABLE named (name VARCHAR_IGNORECASE(20) PRIMARY KEY, n bigint)");
        SinkException failure = target.halted(NAMED);
        assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
        target.prepared(failure.remedy());
        target.open(1, NAMED);
        stream.insert(NAMED, "a", 1L)
                .insert(NAMED, "A", 2L)
                .insert(NAMED, "a ", 3L)
                .commit();
        target.write(stream);
        assertThat(target.query("SELECT n FROM named ORDER BY n")).containsExactly("1", "2", "3");
    }

    /** With the settings that a URL has by itself, unquoted names are upper case, and those of the source are not. */
    @Test
    void namesKeepTheirCase() throws Exception {
        String url = TestServer.H2.url(target.database).replaceFirst(";.*", "");
        target.with("url", url);
        stream.insert(ITEM, 1L, "a").commit();
        target.open(1, ITEM);
        target.write(stream);
        target.open(2, ITEM);
        target.close();
        try (Connection connection = java.sql.DriverManager.getConnection(url, "sa", "")) {
            assertThat(TestPostgres.query(connection, "SELECT \"name\" FROM \"public\".\"item\""))
                    .containsExactly("a");
            assertThat(TestPostgres.query(connection, "SELECT sequence, epoch_token FROM \"tailrace_checkpoint\""))
                    .containsExactly("1|start-2");
        }
    }

    @Test
    void aTextInJsonIsAJsonValue() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name json)");
        stream.insert(ITEM, 1L, "{\"a\": [1, null]}").commit();
        target.write(stream);
        assertThat(target.query("SELECT name FROM item")).containsExactly("{\"a\":[1,null]}");
    }

    /** Of a table that somebody else has made. */
    @Test
    void anArrayOfH2HasItsOwnDimensionsAndSubscriptsFromOneOn() throws Exception {
        TableSchema lists = table(
                4,
                "lists",
                List.of(0),
                number("id"),
                new Column("list", "_int4", -1, -1, true, ValueType.ARRAY, ValueType.INT32));
        target.prepared("CREATE TABLE lists (id bigint PRIMARY KEY, list integer array)");
        for (List<?> bad : List.of(List.of(List.of(1)), new BoundedArray("[0:0]", List.of(1)))) {
            ChangeStream changes = new ChangeStream();
            changes.insert(lists, 1L, bad).commit();
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(changes));
            assertThat(failure.code()).isEqualTo("JDBC-VALUE");
        }
        stream.insert(lists, 1L, Arrays.asList(1, null)).commit();
        target.write(stream);
        assertThat(target.query("SELECT list FROM lists")).containsExactly("[1, null]");
    }

    @Test
    void whatIsNoDatabaseIsLeftAlone() throws Exception {
        Path file = TestFiles.DIRECTORY.resolve(target.database + ".mv.db");
        Files.writeString(file, "not a database, however long it may be ".repeat(1000));
        assertThat(target.halted().code()).isEqualTo("JDBC-DAMAGED");
        assertThat(target.preflight()).extracting(Finding::code).containsExactly("JDBC-DAMAGED");
        Files.delete(file);
        target.with("url", "jdbc:h2:file:");
        assertThat(target.halted().code()).isEqualTo("JDBC-DATABASE");
        target.with("url", "jdbc:h2:file:" + TestFiles.DIRECTORY.resolve(target.database) + ";NO_SUCH_SETTING=1");
        assertThat(target.halted().code()).isEqualTo("JDBC-DATABASE");
    }

    @Test
    void aLookLeavesNoFileBehind() {
        assertThat(target.preflight(ITEM)).isEmpty();
        assertThat(TestFiles.DIRECTORY.resolve(target.database + ".mv.db")).doesNotExist();
    }

    /** H2 reads the file through a channel, which an interrupt closes, and with it the database. */
    @Test
    void anInterruptLosesNothing() throws Exception {
        target.open(1, ITEM);
        stream.insert(ITEM, 1L, "a").commit();
        target.write(stream);
        ChangeStream next = new ChangeStream();
        next.commit();
        next.insert(ITEM, 2L, "b").commit();
        Thread.currentThread().interrupt();
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(next));
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
        target.open(2, ITEM);
        target.write(next);
        assertThat(target.query("SELECT name FROM item ORDER BY id")).containsExactly("a", "b");
    }

    private static final List<TypeHazard> HAZARDS = List.of(
            numeric("numeric(10,2)", "1.005", "1.500", "1.50"),
            numeric("numeric(10)", "1.5", "1.0", "1"),
            numeric("integer", "1.5", "7.00", "7"),
            numeric("decfloat(5)", "123456", "123460", "1.2346E+5"),
            numeric("double precision", "9007199254740993", "0.1", "0.1"),
            numeric("double precision", "1e400", "2", "2.0"),
            of("int8", ValueType.INT64, "float(53)", (1L << 53) + 1, 1L << 53, "9.007199254740992E15"),
            of("int8", ValueType.INT64, "real", (1L << 24) + 1, 1L << 24, "1.6777216E7"),
            of("int8", ValueType.INT64, "boolean", 5L, 1L, "TRUE"),
            of("timestamp", ValueType.TIMESTAMP, "double precision", 0L, null, "-"),
            of("float8", ValueType.FLOAT64, "real", 0.1, 0.5, "0.5"),
            of("float8", ValueType.FLOAT64, "decfloat", -0.0, 0.5, "0.5"),
            of("text", ValueType.TEXT, "char(3)", "ab", "abc", "abc"),
            of("text", ValueType.TEXT, "char", "", "c", "c"),
            of("text", ValueType.TEXT, "enum('a', 'it''s ')", "A", "it's ", "it's "),
            of("text", ValueType.TEXT, "enum('a', 'it''s ')", "it's", "a", "a"),
            of(
                    "text",
                    ValueType.TEXT,
                    "uuid",
                    "1-1-1-1-1",
                    "A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11",
                    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            of("text", ValueType.TEXT, "uuid", "nothing of that kind", null, "-"),
            of("timestamp", ValueType.TIMESTAMP, "timestamp(0)", 1L, 1_000_000L, "1970-01-01 00:00:01"),
            of("timetz", ValueType.TEXT, "time(1) with time zone", "01:02:03.55+01", "01:02:03.50+01", "01:02:03.5+01"),
            of("bytea", ValueType.BYTES, "binary(4)", new byte[] {1}, new byte[] {0, 1, 2, 3}, "00010203"),
            array("_float8", ValueType.FLOAT64, "integer array", List.of(1.5), List.of(2.0), "[2]"),
            array(
                    "_numeric",
                    ValueType.DECIMAL,
                    "numeric(5,1) array[3]",
                    List.of(new BigDecimal("1.26")),
                    List.of(new BigDecimal("1.20")),
                    "[1.2]"),
            array(
                    "_int4",
                    ValueType.INT32,
                    "integer array array",
                    List.of(List.of(List.of(1))),
                    List.of(List.of(1, 2)),
                    "[[1, 2]]"));

    @Test
    void whatH2WouldRoundOrPadIsRefused() throws Exception {
        TypeHazard.assertRefused(target, HAZARDS);
    }
}
