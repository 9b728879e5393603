package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables that do not fit, rights that are missing, servers that are not there: named, with the statement that mends it. */
class JdbcShapeTest extends TargetSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"));
    private static final TableSchema WIDER =
            table(2, "item", List.of(0), number("id"), text("name"), text("new \"c\""));
    private static final TableSchema KEYLESS = table(3, "log", List.of(), number("n"));

    /** Of a table that was there before: what it was made for is not known. */
    @Test
    void aColumnThatAnExistingTableLacksHaltsAndItsStatementMendsIt() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name " + server().text("text", "longtext") + ")");
        SinkException failure = target.halted(WIDER);
        assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
        assertThat(failure.remedy())
                .isEqualTo(server().text(
                                "ALTER TABLE \"public\".\"item\" ADD COLUMN \"new \"\"c\"\"\" text",
                                "ALTER TABLE `" + target.database + "`.`item` ADD COLUMN `new \"c\"` longtext",
                                "ALTER TABLE `main`.`item` ADD COLUMN `new \"c\"` text",
                                "ALTER TABLE \"public\".\"item\" ADD COLUMN \"new \"\"c\"\"\" CHARACTER LARGE OBJECT"));
        target.prepared(failure.remedy());
        target.open(2, WIDER);
        target.write(new ChangeStream().insert(WIDER, 2L, "b", "new").commit().batch());
        assertThat(target.query("SELECT * FROM item ORDER BY id")).containsExactly("2|b|new");
    }

    @Test
    void aTableWithoutKeyIsRefused() throws Exception {
        assertThat(target.halted(KEYLESS).code()).isEqualTo("JDBC-NO-KEY");
        target.prepared("CREATE TABLE item (id bigint, name text)");
        SinkException failure = target.halted(ITEM);
        assertThat(failure.code()).isEqualTo("JDBC-NO-KEY");
        target.prepared(failure.remedy());
        target.open(1, ITEM);
    }

    @Test
    void missingTablesAreNotCreatedWhenThatIsOff() throws Exception {
        target.with("create-tables", false);
        SinkException failure = target.halted(ITEM);
        assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
        assertThat(target.preflight(ITEM))
                .singleElement()
                .satisfies(f -> assertThat(f.remedy()).isEqualTo(failure.remedy()));
        target.prepared(failure.remedy());
        target.open(1, ITEM);
    }

    @Test
    void preflightFindsEverythingInOnePassAndItsStatementsMendIt() throws Exception {
        target.prepared(
                "CREATE TABLE item (id bigint, tenant integer NOT NULL,"
                        + " stamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)",
                "CREATE TABLE other (id "
                        + server().text("integer", "integer", "real", "integer")
                        + " PRIMARY KEY, name " + server().text("text", "longtext", "text", "clob") + ")");
        TableSchema other = table(4, "other", List.of(0), number("id"), text("name"));
        List<Finding> findings = target.preflight(ITEM, other, KEYLESS);
        assertThat(findings)
                .extracting(Finding::code, Finding::subject, Finding::severity)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", "table public.item", Severity.FATAL),
                        org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", "table public.item", Severity.FATAL),
                        org.assertj.core.groups.Tuple.tuple("JDBC-NO-KEY", "table public.item", Severity.FATAL),
                        org.assertj.core.groups.Tuple.tuple("JDBC-SHAPE", "table public.other", Severity.WARNING),
                        org.assertj.core.groups.Tuple.tuple("JDBC-NO-KEY", "table public.log", Severity.FATAL));
        // SQLite cannot change a type, and says so.
        boolean retypes = server() != TestServer.SQLITE;
        for (Finding finding : findings.subList(0, retypes ? 4 : 3)) {
            target.prepared(finding.remedy());
        }
        assertThat(retypes ? target.preflight(ITEM, other) : target.preflight(ITEM))
                .isEmpty();
        assertThat(target.query("SELECT 1 FROM "
                        + server().text(
                                        "information_schema.tables WHERE table_name = 'tailrace_checkpoint'",
                                        "information_schema.tables WHERE table_name = 'tailrace_checkpoint'"
                                                + " AND table_schema = DATABASE()",
                                        "sqlite_schema WHERE name = 'tailrace_checkpoint'",
                                        "information_schema.tables WHERE table_name = 'tailrace_checkpoint'")))
                .as("preflight creates nothing")
                .isEmpty();
    }

    @Test
    void missingRightsAreNamedWithTheirGrants() throws Exception {
        assumeFalse(server().isEmbedded(), "who may write the file may do everything in it");
        String user = "poor_" + target.database;
        target.prepared(
                server().text(
                                "CREATE ROLE " + user + " LOGIN PASSWORD 'poor'",
                                "CREATE USER " + user + " IDENTIFIED BY 'poor'"),
                "CREATE TABLE item (id bigint PRIMARY KEY, name " + server().text("text", "longtext") + ")",
                "GRANT SELECT ON item TO " + user,
                "CREATE SCHEMA IF NOT EXISTS closed");
        target.with("user", user).with("password", "poor").with("checkpoint-schema", "closed");
        List<Finding> findings = target.preflight(ITEM, table(5, "fresh", List.of(0), number("id")));
        assertThat(findings).extracting(Finding::code).containsOnly("JDBC-PERMISSION");
        assertThat(findings).hasSize(3);
        assertThat(findings.get(1).remedy())
                .isEqualTo(server().text(
                                "GRANT INSERT, UPDATE, DELETE ON \"public\".\"item\" TO \"" + user + "\"",
                                "GRANT INSERT, UPDATE, DELETE ON `" + target.database + "`.`item` TO '" + user
                                        + "'@'%'"));
        assertThat(target.halted(ITEM).code()).isEqualTo("JDBC-PERMISSION");
    }

    @Test
    void loginDatabaseAndServerAreToldApart() throws Exception {
        assumeFalse(server().isEmbedded(), "a file is no server");
        target.with("user", "nobody_such");
        assertThat(target.preflight()).singleElement().satisfies(f -> {
            assertThat(f.code()).isEqualTo("JDBC-LOGIN");
            assertThat(f.severity()).isEqualTo(Severity.FATAL);
        });
        target.with("user", server().user()).with("url", server().url("no_such_database"));
        assertThat(target.preflight())
                .singleElement()
                .satisfies(f -> assertThat(f.code()).isEqualTo("JDBC-DATABASE"));
        target.with("url", server().url("x", 1) + "?password=hidden");
        assertThat(target.preflight()).singleElement().satisfies(f -> {
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
        assertThat(target.halted(ITEM, twin).code()).isEqualTo("JDBC-TARGET-NAME");
        assertThat(target.preflight(ITEM, twin)).extracting(Finding::code).containsExactly("JDBC-TARGET-NAME");
        if (server() == TestServer.SQLITE) {
            // No name is too long for it.
            return;
        }
        target.with("target", "x".repeat(server() == TestServer.H2 ? 240 : 40) + "_{schema}_{table}");
        TableSchema longName = new TableSchema(
                7, new TableId("schema_of_some_length", "and_its_table"), 1, ITEM.columns(), ITEM.key());
        assertThat(target.halted(longName).code()).isEqualTo("JDBC-TARGET-NAME");
    }

    @Test
    void hundredsOfTablesAreCreatedAtTheStart() throws Exception {
        target.with("target", server().text("{schema}.{table}", "{schema}_{table}"));
        // The catalog of MySQL answers in milliseconds.
        TableSchema[] many = new TableSchema[server().isPostgres() ? 1000 : 200];
        for (int i = 0; i < many.length; i++) {
            many[i] = new TableSchema(i, new TableId("many", "t" + i), 1, ITEM.columns(), ITEM.key());
        }
        target.open(1, many);
        assertThat(target.query("SELECT count(*) FROM "
                        + server().text(
                                        "information_schema.tables WHERE table_schema = 'many'",
                                        "information_schema.tables WHERE table_schema = DATABASE()"
                                                + " AND table_name LIKE 'many%'",
                                        "sqlite_schema WHERE name LIKE 'many%'",
                                        "information_schema.tables WHERE table_schema = 'many'")))
                .containsExactly(Integer.toString(many.length));
    }
}
