package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.HoldingSink;
import dev.tailrace.sink.SinkException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What rows have at the target in a column that came later than they and that the source has filled. */
class JdbcExistingRowsTest extends TargetSuite {
    private static final Column ID = Column.of("id", "int8", ValueType.INT64, false);
    private static final String TEXT = "it's \"5\" \\ 100%";

    private static TableSchema item(int version, Map<String, Object> existing, Column... columns) {
        return new TableSchema(version, new TableId("public", "item"), version, List.of(columns), List.of(0), existing);
    }

    private final TableSchema before = item(1, Map.of(), ID, text("name"));
    private final TableSchema after = item(2, Map.of("n", 7L), ID, text("name"), number("n"));

    private List<String> items() throws Exception {
        return target.query("SELECT id, name, n FROM item ORDER BY id");
    }

    /** Confluent and Debezium leave null in rows from before an ADD COLUMN ... DEFAULT. */
    @Test
    void rowsFromBeforeGetWhatTheyHaveAtTheSource() throws Exception {
        target.open(1, before);
        target.write(
                stream.insert(before, 1L, "a").insert(before, 2L, "b").commit().batch());
        target.write(stream.insert(before, 3L, "old shape, in the batch of the new one")
                .update(before, 2L, "b2")
                .insert(after, 4L, "d", null)
                .update(after, 1L, "a", 9L)
                .commit()
                .batch());
        assertThat(items()).containsExactly("1|a|9", "2|b2|7", "3|old shape, in the batch of the new one|7", "4|d|-");
        target.write(stream.insert(before, 5L, "old shape again").commit().batch());
        assertThat(items()).contains("5|old shape again|7", "4|d|-");
    }

    /** The statement has run, and nothing remembers it: neither its rows nor those that follow are taken back. */
    @Test
    void aDeathBetweenTheStatementAndTheMemoryChangesNothing() throws Exception {
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a").commit().batch());
        Frame frame = stream.insert(after, 2L, "b", null).commit();
        target.open(
                point -> {
                    if (point.equals("sink.jdbc.after-ddl")) {
                        throw new IllegalStateException("dead");
                    }
                },
                2,
                after);
        assertThatThrownBy(() -> target.write(frame.batch())).hasMessage("dead");
        target.open(3, after);
        target.write(frame.batch());
        assertThat(items()).containsExactly("1|a|7", "2|b|-");
        target.open(4, after);
        target.write(stream.update(after, 1L, "a", null).commit().batch());
        target.open(5, after);
        target.write(stream.insert(after, 3L, "c", 3L).commit().batch());
        assertThat(items()).as("a null that was written stays").containsExactly("1|a|-", "2|b|-", "3|c|3");
    }

    @Test
    void aColumnThatSomebodyAddedIsFilledWhereItIsEmpty() throws Exception {
        target.open(1, before);
        target.write(
                stream.insert(before, 1L, "a").insert(before, 2L, "b").commit().batch());
        target.close();
        target.prepared("ALTER TABLE item ADD COLUMN n bigint", "UPDATE item SET n = 70 WHERE id = 2");
        target.open(2, before);
        target.write(stream.insert(before, 3L, "c")
                .insert(after, 4L, "d", null)
                .commit()
                .batch());
        String third = server() == TestServer.SQLITE ? "3|c|-" : "3|c|7";
        assertThat(items()).containsExactly("1|a|7", "2|b|70", third, "4|d|-");
    }

    @Test
    void aVersionThatNobodySawIsNoLoss() throws Exception {
        TableSchema third = item(3, Map.of("n", 7L, "t", TEXT), ID, text("name"), number("n"), text("t"));
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a").commit().batch());
        target.write(stream.insert(third, 2L, "b", null, null).commit().batch());
        assertThat(target.query("SELECT id, n, t FROM item ORDER BY id")).containsExactly("1|7|" + TEXT, "2|-|-");
    }

    @Test
    void aColumnThatVanishedIsFilledNoMore() throws Exception {
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a")
                .insert(after, 2L, "b", 2L)
                .commit()
                .batch());
        TableSchema gone = item(3, Map.of(), ID, text("name"));
        target.open(2, gone);
        target.write(stream.insert(gone, 3L, "c").commit().batch());
        // SQLite cannot take a default away.
        assertThat(items()).containsExactly("1|a|7", "2|b|2", server() == TestServer.SQLITE ? "3|c|7" : "3|c|-");
    }

    /** The default of a column is converted with it, or goes: MySQL's and H2's do not convert by themselves. */
    @Test
    void aColumnThatIsConvertedLaterIsConverted() throws Exception {
        if (server() == TestServer.SQLITE) {
            return; // its types cannot be changed
        }
        target.with("schema-changes", Map.of("narrow", "evolve"));
        TableSchema flag =
                item(2, Map.of("n", true), ID, text("name"), Column.of("n", "bool", ValueType.BOOLEAN, true));
        TableSchema words = item(3, Map.of(), ID, text("name"), text("n"));
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a")
                .insert(flag, 2L, "b", false)
                .commit()
                .batch());
        target.write(stream.insert(words, 3L, "c", "maybe").commit().batch());
        HoldingSink sink = target.open(2, words) instanceof HoldingSink holding ? holding : null;
        assertThat(sink).isNotNull();
        sink.catchUp(new TableId("public", "item"), ChangeStream.batch(stream.frames()));
        assertThat(items()).last().isEqualTo("3|c|maybe");
    }

    @Test
    void everyTypeIsWrittenAsARowHasIt() throws Exception {
        if (server().isPostgres()) {
            target.prepared("CREATE TYPE mood AS ENUM ('sad', 'it''s ok')");
        }
        Map<Column, Object> values = new LinkedHashMap<>();
        values.put(Column.of("a_int", "int4", ValueType.INT32, true), -5);
        values.put(Column.of("a_text", "text", ValueType.TEXT, true), TEXT);
        values.put(new Column("a_varchar", "varchar", 20, -1, true, ValueType.TEXT, null), TEXT);
        values.put(new Column("a_numeric", "numeric", 10, 2, true, ValueType.DECIMAL, null), new BigDecimal("-1.50"));
        values.put(Column.of("free", "numeric", ValueType.DECIMAL, true), new BigDecimal("12345678901234567890.1"));
        values.put(Column.of("a_double", "float8", ValueType.FLOAT64, true), 0.1);
        values.put(Column.of("a_bool", "bool", ValueType.BOOLEAN, true), true);
        values.put(Column.of("a_bytea", "bytea", ValueType.BYTES, true), new byte[] {0, 1, 39, (byte) 255});
        values.put(Column.of("a_date", "date", ValueType.DATE, true), 20_000);
        values.put(Column.of("a_time", "time", ValueType.TIME, true), 3_661_500_000L);
        values.put(Column.of("a_stamp", "timestamp", ValueType.TIMESTAMP, true), 1_700_000_000_123_456L);
        values.put(Column.of("a_moment", "timestamptz", ValueType.TIMESTAMPTZ, true), 1_700_000_000_123_456L);
        values.put(Column.of("a_json", "jsonb", ValueType.TEXT, true), "{\"a\": \"it's\"}");
        values.put(Column.of("a_uuid", "uuid", ValueType.TEXT, true), "0f8fad5b-d9cb-469f-a165-70867728950e");
        values.put(Column.of("a_mood", "public.mood", ValueType.TEXT, true), "it's ok");
        values.put(
                new Column("ints", "_int4", -1, -1, true, ValueType.ARRAY, ValueType.INT32), Arrays.asList(1, null, 3));
        values.put(
                new Column("texts", "_text", -1, -1, true, ValueType.ARRAY, ValueType.TEXT), List.of(TEXT, "", "NULL"));
        Map<String, Object> existing = new LinkedHashMap<>();
        Column[] columns = new Column[values.size() + 1];
        Object[] row = new Object[columns.length];
        columns[0] = ID;
        row[0] = 2L;
        for (Map.Entry<Column, Object> value : values.entrySet()) {
            row[existing.size() + 1] = value.getValue();
            columns[existing.size() + 1] = value.getKey();
            existing.put(value.getKey().name(), value.getValue());
        }
        TableSchema first = item(1, Map.of(), ID);
        target.open(1, first);
        target.write(stream.insert(first, 1L).commit().batch());
        target.write(stream.insert(item(2, existing, columns), row).commit().batch());
        for (Column column : values.keySet()) {
            List<String> rows = target.query("SELECT " + column.name() + " FROM item ORDER BY id");
            assertThat(rows).as(column.name()).hasSize(2).doesNotContain("-");
            assertThat(rows.get(0)).as(column.name()).isEqualTo(rows.get(1));
        }
    }

    /** I7: what the target cannot hold is not silently null. */
    @Test
    void aValueThatTheTargetCannotHoldWaitsForSomebody() throws Exception {
        Column decimal = new Column("n", "numeric", 10, 2, true, ValueType.DECIMAL, null);
        TableSchema nan = item(2, Map.of("n", Double.NaN), ID, text("name"), decimal);
        HoldingSink sink = (HoldingSink) target.open(1, before);
        target.write(stream.insert(before, 1L, "a").commit().batch());
        target.write(stream.insert(nan, 2L, "b", BigDecimal.ONE).commit().batch());
        if (server().text("holds", "refuses", "holds", "refuses").equals("holds")) {
            assertThat(items()).first().isEqualTo("1|a|NaN");
        } else {
            assertThat(sink.held()).singleElement().satisfies(held -> {
                assertThat(held.reason()).contains("NaN", "would have null");
                assertThat(held.plan())
                        .singleElement()
                        .asString()
                        .contains("ADD COLUMN")
                        .doesNotContain("DEFAULT");
            });
        }
    }

    @Test
    void whatIsMaskedIsMaskedThereToo() throws Exception {
        target.with("mask-key", "a key of at least thirty-two characters")
                .with(
                        "columns",
                        Map.of(
                                "public.item",
                                Map.of("drop", List.of("x"), "hash", List.of("h"), "fixed", Map.of("f", "fix"))));
        TableSchema second = item(
                2,
                Map.of("x", "secret", "h", "secret", "f", "secret"),
                ID,
                text("name"),
                text("x"),
                text("h"),
                text("f"));
        target.open(1, second); // made by the first shape that comes
        target.write(stream.insert(before, 1L, "a").commit().batch());
        target.write(stream.insert(second, 2L, "b", "secret", "secret", "secret")
                .commit()
                .batch());
        List<String> rows = target.query("SELECT h, f FROM item ORDER BY id");
        assertThat(rows.get(0)).isEqualTo(rows.get(1)).endsWith("|fix").doesNotContain("secret");
    }

    @Test
    void thePlanShowsIt() throws Exception {
        target.open(1, before);
        target.close();
        assertThat(target.definition().preflight(JdbcTarget.context(1, ChangeStream.JOURNAL, after)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.message()).contains("rows from before get what they have at the source");
                    assertThat(finding.remedy())
                            .contains("ADD COLUMN")
                            .endsWith("DEFAULT " + server().text("'7'", "7", "7", "7"));
                });
    }

    @Test
    void aHistoryIsAsItWas() throws SinkException, Exception {
        target.with("mode", "append");
        target.open(1, before);
        target.write(stream.insert(before, 1L, "a")
                .insert(after, 2L, "b", 2L)
                .commit()
                .batch());
        assertThat(items()).containsExactly("1|a|-", "2|b|2");
    }
}
