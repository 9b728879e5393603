package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a real target does when a table at the source changes its shape, class by class and policy by policy. */
class JdbcEvolutionTest extends TargetSuite {
    private static final Column ID = Column.of("id", "int8", ValueType.INT64, false);
    private static final Column SIZE = new Column("size", "int4", -1, -1, true, ValueType.INT32, null);
    private static final Column LONG_SIZE = new Column("size", "int8", -1, -1, true, ValueType.INT64, null);

    static TableSchema item(int version, Column... columns) {
        return item(version, List.of(0), columns);
    }

    static TableSchema item(int version, List<Integer> key, Column... columns) {
        return new TableSchema(version, new TableId("public", "item"), version, List.of(columns), key);
    }

    static Column required(String name) {
        return new Column(name, "text", -1, -1, false, ValueType.TEXT, null);
    }

    static Column sized(String name, int length) {
        return new Column(name, "varchar", length, -1, true, ValueType.TEXT, null);
    }

    private void policy(String kind, String reaction) {
        target.with("schema-changes", Map.of(kind, reaction));
    }

    private SinkException refused(Frame frame) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(frame.batch()));
        assertThat(failure).isNotNull();
        return failure;
    }

    private List<String> items() throws Exception {
        return target.query("SELECT * FROM item ORDER BY id");
    }

    private boolean refusesNull(String column) throws Exception {
        String catalog =
                "information_schema.columns WHERE table_name = 'item' AND is_nullable = 'NO' AND column_name = '"
                        + column + "'";
        return target.query("SELECT 1 FROM "
                        + server().text(
                                        catalog,
                                        catalog + " AND table_schema = DATABASE()",
                                        "pragma_table_xinfo('item') WHERE name = '" + column + "' AND \"notnull\"",
                                        catalog))
                .equals(List.of("1"));
    }

    @Test
    void anAddedColumnIsAddedBehindWhatCameBefore() throws Exception {
        TableSchema before = item(1, ID, text("name"));
        TableSchema after = item(2, ID, text("name"), number("n"));
        target.open(1, before);
        stream.insert(before, 1L, "a").commit();
        stream.insert(before, 2L, "b")
                .insert(after, 3L, "c", 30L)
                .update(after, 1L, "a2", 10L)
                .commit();
        target.write(stream);
        assertThat(items()).containsExactly("1|a2|10", "2|b|-", "3|c|30");
    }

    /** kafka-connect-jdbc #592 and #1193: a new NOT NULL column kills the sink. */
    @Test
    void aNewNotNullColumnDoesNotKillTheSink() throws Exception {
        TableSchema before = item(1, ID, text("name"));
        TableSchema after = item(2, ID, text("name"), required("must"));
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a").commit().batch());
        target.write(stream.insert(after, 2L, "b", "x")
                .update(before, 1L, "a2")
                .commit()
                .batch());
        assertThat(items()).containsExactly("1|a2|-", "2|b|x");
        assertThat(refusesNull("must"))
                .as("the target never enforces what the source does")
                .isFalse();
    }

    @Test
    void aDroppedColumnStaysAndTakesNoMoreValues() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name " + server().text("text", "longtext")
                + " NOT NULL, n bigint)");
        TableSchema before = item(1, ID, required("name"), number("n"));
        TableSchema after = item(2, ID, number("n"));
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a", 1L).commit().batch());
        target.write(
                stream.insert(after, 2L, 2L).update(after, 1L, 11L).commit().batch());
        assertThat(items()).containsExactly("1|a|11", "2|-|2");
    }

    @Test
    void aWiderTypeIsFollowedAndANarrowerOneNever() throws Exception {
        TableSchema before = item(1, ID, SIZE, sized("code", 3));
        TableSchema wider = item(2, ID, LONG_SIZE, sized("code", 8));
        TableSchema narrow = item(3, ID, SIZE, sized("code", 8));
        policy("narrow", "evolve");
        target.open(1, before);
        target.write(stream.insert(before, 1L, 1, "abc").commit().batch());
        target.write(
                stream.insert(wider, 2L, 3_000_000_000L, "abcdefgh").commit().batch());
        target.write(stream.insert(narrow, 3L, 3, "x").commit().batch());
        assertThat(items()).containsExactly("1|1|abc", "2|3000000000|abcdefgh", "3|3|x");
    }

    @Test
    void anOperatorsTypeStays() throws Exception {
        String text = server().text("text", "longtext");
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, size " + text + ")");
        target.open(1, item(1, ID, SIZE));
        target.write(stream.insert(item(1, ID, SIZE), 1L, 1)
                .insert(item(2, ID, LONG_SIZE), 2L, 2L)
                .commit()
                .batch());
        String catalog = "SELECT lower(data_type) FROM information_schema.columns WHERE table_name = 'item' AND"
                + " column_name = 'size'";
        assertThat(target.query(server().text(
                                catalog,
                                catalog + " AND table_schema = DATABASE()",
                                "SELECT lower(type) FROM pragma_table_xinfo('item') WHERE name = 'size'",
                                catalog)))
                .containsExactly(server().text("text", "longtext", "longtext", "character varying"));
    }

    @Test
    void aColumnThatAllowsNullNowIsLoosenedAndATighterOneIsNot() throws Exception {
        target.prepared(
                "CREATE TABLE item (id bigint PRIMARY KEY, name " + server().text("text", "longtext") + " NOT NULL)");
        TableSchema strict = item(1, ID, required("name"));
        TableSchema loose = item(2, ID, text("name"));
        target.open(1, strict);
        target.write(
                stream.insert(strict, 1L, "a").insert(loose, 2L, null).commit().batch());
        target.write(
                stream.insert(item(3, ID, required("name")), 3L, "c").commit().batch());
        assertThat(items()).containsExactly("1|a", "2|-", "3|c");
        assertThat(refusesNull("name")).isFalse();
    }

    @Test
    void whatIsIgnoredIsLeftOutAlsoAfterARestart() throws Exception {
        policy("add", "ignore");
        TableSchema before = item(1, ID, text("name"));
        TableSchema after = item(2, ID, text("name"), number("n"));
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a")
                .insert(after, 2L, "b", 2L)
                .commit()
                .batch());
        target.open(2, after);
        target.write(stream.insert(after, 3L, "c", 3L).commit().batch());
        assertThat(items()).containsExactly("1|a", "2|b", "3|c");
    }

    @Test
    void failHaltsWithTheStatementAndGoesOnUnderAnotherPolicy() throws Exception {
        policy("add", "fail");
        TableSchema before = item(1, ID, text("name"));
        TableSchema after = item(2, ID, text("name"), number("n"));
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a").commit().batch());
        Frame frame = stream.insert(after, 2L, "b", 2L).commit();
        SinkException failure = refused(frame);
        assertThat(failure.code()).isEqualTo("JDBC-SCHEMA-CHANGE");
        assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
        assertThat(failure.remedy()).contains("ADD COLUMN");
        policy("add", "evolve");
        target.open(2, after);
        target.write(frame.batch());
        assertThat(items()).containsExactly("1|a|-", "2|b|2");
    }

    /** supabase/etl #925 and #930: a replay with an older schema rewinds the target. */
    @Test
    void aReplayWithAnOlderSchemaNeverRewindsTheTarget() throws Exception {
        TableSchema first = item(1, ID, SIZE);
        TableSchema second = item(2, ID, LONG_SIZE, text("name"));
        target.open(1, first);
        stream.insert(first, 1L, 1).commit();
        stream.insert(second, 2L, 3_000_000_000L, "b").commit();
        stream.insert(first, 3L, 3).commit();
        target.write(stream);
        assertThat(items()).containsExactly("1|1|-", "2|3000000000|b", "3|3|-");
        target.prepared("UPDATE tailrace_checkpoint SET sequence = 0");
        target.open(2, second);
        stream.frames().forEach(frame -> {
            try {
                target.write(frame.batch());
            } catch (SinkException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(items()).containsExactly("1|1|-", "2|3000000000|b", "3|3|-");
        assertThat(target.query("SELECT version FROM tailrace_schema")).containsExactly("2");
    }

    @Test
    void aLargeTransactionThatChangesTheShapeInsideIsWrittenFromItsStart() throws Exception {
        TableSchema before = item(1, ID, text("name"));
        TableSchema after = item(2, ID, text("name"), number("n"));
        target.open(1, before);
        Frame one = stream.insert(before, 1L, "a").part();
        Frame two = stream.insert(after, 2L, "b", 2L).part();
        Frame three = stream.insert(after, 3L, "c", 3L).commit();
        target.write(one.batch());
        if (server() == TestServer.SQLITE) {
            // A change of the table is a part of the transaction there.
            target.write(two.batch());
        } else {
            SinkException barrier = refused(two);
            assertThat(barrier.code()).isEqualTo("JDBC-SCHEMA-BARRIER");
            assertThat(barrier.disposition()).isEqualTo(Disposition.RETRY);
        }
        assertThat(target.query("SELECT id FROM item"))
                .as("nothing of it was committed")
                .isEmpty();
        target.open(1, after);
        for (Frame frame : List.of(one, two, three)) {
            target.write(frame.batch());
        }
        assertThat(items()).containsExactly("1|a|-", "2|b|2", "3|c|3");
    }

    @Test
    void aTableWithAHistoryIsMadeByTheFirstShapeThatComes() throws Exception {
        TableSchema first = item(1, ID, text("name"));
        TableSchema second = item(2, ID);
        target.open(1, second);
        target.write(stream.insert(first, 1L, "a").insert(second, 2L).commit().batch());
        assertThat(items()).containsExactly("1|a", "2|-");
    }

    @Test
    void preflightShowsWhatWillBeDone() throws Exception {
        TableSchema before = item(1, ID, text("name"));
        target.open(1, before);
        target.close();
        TableSchema after = item(2, ID, text("name"), number("n"));
        assertThat(target.definition().preflight(JdbcTarget.context(1, ChangeStream.JOURNAL, after)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("JDBC-SCHEMA-CHANGE");
                    assertThat(finding.remedy()).contains("ADD COLUMN");
                });
    }

    @Test
    void aHistoryTableFollowsToo() throws Exception {
        target.with("mode", "append");
        TableSchema before = item(1, ID, text("name"));
        TableSchema after = item(2, List.of(1), number("id"), Column.of("name", "text", ValueType.TEXT, false), SIZE);
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a")
                .insert(after, 2L, "b", 5)
                .commit()
                .batch());
        assertThat(target.query("SELECT id, name, size FROM item ORDER BY id")).containsExactly("1|a|-", "2|b|5");
    }
}
