package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that do not fit, rights that are missing, servers that are not there: named, with the statement that mends it. */
class JdbcShapeTest {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"));
    private static final TableSchema WIDER =
            table(2, "item", List.of(0), number("id"), text("name"), text("new \"c\""));
    private static final TableSchema KEYLESS = table(3, "log", List.of(), number("n"));

    private JdbcTarget target;

    @BeforeEach
    void start() throws Exception {
        target = new JdbcTarget();
    }

    @AfterEach
    void stop() {
        target.close();
    }

    private SinkException halted(TableSchema... tables) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.open(1, tables));
        assertThat(failure).isNotNull();
        assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
        return failure;
    }

    private List<Finding> preflight(TableSchema... tables) {
        return target.definition().preflight(JdbcTarget.context(1, "j", tables));
    }

    @Test
    void aColumnAddedWhileRunningHaltsAndLosesNothing() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(ITEM, 1L, "a").commit();
        target.open(1, ITEM);
        target.write(stream);
        stream.insert(WIDER, 2L, "b", "new").commit();
        SinkException failure = catchThrowableOfType(
                SinkException.class, () -> target.write(stream.frames().get(1).batch()));
        assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
        assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
        assertThat(failure.remedy()).isEqualTo("ALTER TABLE \"public\".\"item\" ADD COLUMN \"new \"\"c\"\"\" text");
        target.prepared(failure.remedy());
        target.open(2, WIDER);
        target.write(stream.frames().get(1).batch());
        assertThat(target.query("SELECT * FROM item ORDER BY id")).containsExactly("1|a|-", "2|b|new");
    }

    @Test
    void aTableWithoutKeyIsRefused() throws Exception {
        assertThat(halted(KEYLESS).code()).isEqualTo("JDBC-NO-KEY");
        target.prepared("CREATE TABLE item (id bigint, name text)");
        SinkException failure = halted(ITEM);
        assertThat(failure.code()).isEqualTo("JDBC-NO-KEY");
        target.prepared(failure.remedy());
        target.open(1, ITEM);
    }

    @Test
    void missingTablesAreNotCreatedWhenThatIsOff() throws Exception {
        target.with("create-tables", false);
        SinkException failure = halted(ITEM);
        assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
        assertThat(preflight(ITEM))
                .singleElement()
                .satisfies(f -> assertThat(f.remedy()).isEqualTo(failure.remedy()));
        target.prepared(failure.remedy());
        target.open(1, ITEM);
    }

    @Test
    void preflightFindsEverythingInOnePassAndItsStatementsMendIt() throws Exception {
        target.prepared(
                "CREATE TABLE item (id bigint, tenant integer NOT NULL, stamp timestamptz NOT NULL DEFAULT now())",
                "CREATE TABLE other (id integer PRIMARY KEY, name text)");
        TableSchema other = table(4, "other", List.of(0), number("id"), text("name"));
        List<Finding> findings = preflight(ITEM, other, KEYLESS);
        assertThat(findings)
                .extracting(Finding::code, Finding::subject, Finding::severity)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", "table public.item", Severity.FATAL),
                        org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", "table public.item", Severity.FATAL),
                        org.assertj.core.groups.Tuple.tuple("JDBC-NO-KEY", "table public.item", Severity.FATAL),
                        org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", "table public.other", Severity.WARNING),
                        org.assertj.core.groups.Tuple.tuple("JDBC-NO-KEY", "table public.log", Severity.FATAL));
        for (Finding finding : findings.subList(0, 4)) {
            target.prepared(finding.remedy());
        }
        assertThat(preflight(ITEM, other)).isEmpty();
        assertThat(target.query("SELECT to_regclass('tailrace_checkpoint')"))
                .as("preflight creates nothing")
                .containsExactly("-");
    }

    @Test
    void missingRightsAreNamedWithTheirGrants() throws Exception {
        String user = "poor_" + target.database;
        target.prepared(
                "CREATE ROLE " + user + " LOGIN PASSWORD 'poor'",
                "CREATE TABLE item (id bigint PRIMARY KEY, name text)",
                "GRANT SELECT ON item TO " + user,
                "CREATE SCHEMA closed");
        target.with("user", user).with("password", "poor").with("checkpoint-schema", "closed");
        List<Finding> findings = preflight(ITEM, table(5, "fresh", List.of(0), number("id")));
        assertThat(findings).extracting(Finding::code).containsOnly("JDBC-PERMISSION");
        assertThat(findings).hasSize(3);
        assertThat(findings.get(1).remedy())
                .isEqualTo("GRANT INSERT, UPDATE, DELETE ON \"public\".\"item\" TO \"" + user + "\"");
        assertThat(halted(ITEM).code()).isEqualTo("JDBC-PERMISSION");
    }

    @Test
    void loginDatabaseAndServerAreToldApart() throws Exception {
        target.with("user", "nobody_such");
        assertThat(preflight()).singleElement().satisfies(f -> {
            assertThat(f.code()).isEqualTo("JDBC-LOGIN");
            assertThat(f.severity()).isEqualTo(Severity.FATAL);
        });
        target.with("user", "postgres").with("url", TestPostgres.url("no_such_database"));
        assertThat(preflight())
                .singleElement()
                .satisfies(f -> assertThat(f.code()).isEqualTo("JDBC-DATABASE"));
        target.with("url", TestPostgres.url("x", 1) + "?password=hidden");
        assertThat(preflight()).singleElement().satisfies(f -> {
            assertThat(f.code()).isEqualTo("JDBC-UNREACHABLE");
            assertThat(f.severity()).isEqualTo(Severity.TRANSIENT);
            assertThat(f.message()).doesNotContain("hidden");
        });
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.open(1));
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
    }

    @Test
    void namesThatWouldMeetOrBeCutAreRefused() throws Exception {
        target.with("target", "{table}");
        TableSchema twin = new TableSchema(6, new TableId("other", "item"), 1, ITEM.columns(), ITEM.key());
        assertThat(halted(ITEM, twin).code()).isEqualTo("JDBC-TARGET-NAME");
        assertThat(preflight(ITEM, twin)).extracting(Finding::code).containsExactly("JDBC-TARGET-NAME");
        target.with("target", "x".repeat(40) + "_{schema}_{table}");
        TableSchema longName = new TableSchema(
                7, new TableId("schema_of_some_length", "and_its_table"), 1, ITEM.columns(), ITEM.key());
        assertThat(halted(longName).code()).isEqualTo("JDBC-TARGET-NAME");
    }

    @Test
    void aThousandTablesAreCreatedAtTheStart() throws Exception {
        TableSchema[] many = new TableSchema[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new TableSchema(i, new TableId("many", "t" + i), 1, ITEM.columns(), ITEM.key());
        }
        target.open(1, many);
        assertThat(target.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'many'"))
                .containsExactly("1000");
    }
}
