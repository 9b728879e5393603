package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Every kind of value into a column of its true type, read back as PostgreSQL prints it. */
class JdbcTypesTest {

    private record Case(Column column, String type, Object value, String shown) {}

    private static Case of(String type, ValueType carried, Object value, String declared, String shown) {
        return new Case(Column.of("x", type, carried, true), declared, value, shown);
    }

    private static Case sized(
            String type, int length, int scale, ValueType carried, Object value, String declared, String shown) {
        return new Case(new Column("x", type, length, scale, true, carried, null), declared, value, shown);
    }

    private static Case array(String type, ValueType element, List<?> value, String declared, String shown) {
        return new Case(new Column("x", type, -1, -1, true, ValueType.ARRAY, element), declared, value, shown);
    }

    private static final List<Case> CASES = List.of(
            of("bool", ValueType.BOOLEAN, true, "boolean", "true"),
            of("int2", ValueType.INT16, Short.MIN_VALUE, "smallint", "-32768"),
            of("int4", ValueType.INT32, Integer.MIN_VALUE, "integer", "-2147483648"),
            of("int8", ValueType.INT64, Long.MIN_VALUE, "bigint", "-9223372036854775808"),
            of("float4", ValueType.FLOAT32, 0.1f, "real", "0.1"),
            of("float4", ValueType.FLOAT32, Float.NaN, "real", "NaN"),
            of("float8", ValueType.FLOAT64, Double.NEGATIVE_INFINITY, "double precision", "-Infinity"),
            of("float8", ValueType.FLOAT64, 1.0E-300, "double precision", "1e-300"),
            of("numeric", ValueType.DECIMAL, new BigDecimal("1E+30").setScale(0), "numeric", "1" + "0".repeat(30)),
            of("numeric", ValueType.DECIMAL, new BigDecimal("1.500"), "numeric", "1.500"),
            of("numeric", ValueType.DECIMAL, Double.NaN, "numeric", "NaN"),
            of("numeric", ValueType.DECIMAL, Double.POSITIVE_INFINITY, "numeric", "Infinity"),
            sized("numeric", 12, 3, ValueType.DECIMAL, new BigDecimal("-7.125"), "numeric(12,3)", "-7.125"),
            sized("numeric", 131089, 0, ValueType.DECIMAL, new BigDecimal("7.5"), "numeric", "7.5"),
            of("text", ValueType.TEXT, "", "text", ""),
            of("text", ValueType.TEXT, "NULL", "text", "NULL"),
            of("text", ValueType.TEXT, "{\"a\\,b}\n\uD83D\uDE00", "text", "{\"a\\,b}\n\uD83D\uDE00"),
            sized("varchar", 20, -1, ValueType.TEXT, "varying", "character varying(20)", "varying"),
            sized("varchar", Integer.MAX_VALUE, -1, ValueType.TEXT, "v", "character varying", "v"),
            sized("bpchar", 5, -1, ValueType.TEXT, "ab   ", "character(5)", "ab"),
            of("char", ValueType.TEXT, "c", "\"char\"", "c"),
            of("name", ValueType.TEXT, "n", "name", "n"),
            of("bytea", ValueType.BYTES, new byte[] {0, -1, 92, 34}, "bytea", "\\x00ff5c22"),
            of("date", ValueType.DATE, -1, "date", "1969-12-31"),
            of("date", ValueType.DATE, ValueType.DATE_INFINITY, "date", "infinity"),
            of("date", ValueType.DATE, -ValueType.DATE_INFINITY, "date", "-infinity"),
            of("date", ValueType.DATE, -719_163, "date", "0001-12-31 BC"),
            of("date", ValueType.DATE, (int) LocalDate.of(5874897, 12, 31).toEpochDay(), "date", "5874897-12-31"),
            of("time", ValueType.TIME, 86_400_000_000L, "time without time zone", "24:00:00"),
            of("time", ValueType.TIME, 1L, "time without time zone", "00:00:00.000001"),
            of("timetz", ValueType.TEXT, "12:30:00.5+02", "time with time zone", "12:30:00.5+02"),
            of("timestamp", ValueType.TIMESTAMP, -1L, "timestamp without time zone", "1969-12-31 23:59:59.999999"),
            of(
                    "timestamp",
                    ValueType.TIMESTAMP,
                    9_223_371_331_199_999_999L,
                    "timestamp without time zone",
                    "294247-01-01 23:59:59.999999"),
            of(
                    "timestamp",
                    ValueType.TIMESTAMP,
                    ValueType.TIMESTAMP_INFINITY,
                    "timestamp without time zone",
                    "infinity"),
            of(
                    "timestamptz",
                    ValueType.TIMESTAMPTZ,
                    -ValueType.TIMESTAMP_INFINITY,
                    "timestamp with time zone",
                    "-infinity"),
            of(
                    "timestamptz",
                    ValueType.TIMESTAMPTZ,
                    -62_198_755_200_000_000L,
                    "timestamp with time zone",
                    "0002-01-01 00:00:00+00 BC"),
            of("interval", ValueType.TEXT, "1 year 2 mons -3 days 04:05:06.789", "interval", null),
            of("uuid", ValueType.TEXT, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "uuid", null),
            of("json", ValueType.TEXT, "{\"a\":  [1, \"\\u00e9\"]}", "json", null),
            of("jsonb", ValueType.TEXT, "{\"a\": [1, null]}", "jsonb", null),
            of("xml", ValueType.TEXT, "<a>b</a>", "xml", null),
            of("inet", ValueType.TEXT, "10.0.0.1/8", "inet", null),
            of("point", ValueType.TEXT, "(1,2)", "point", null),
            of("int4range", ValueType.TEXT, "[1,10)", "int4range", null),
            of("tsvector", ValueType.TEXT, "'fat' 'rat':2", "tsvector", null),
            of("money", ValueType.TEXT, "$12.34", "money", null),
            sized("bit", 4, -1, ValueType.BITS, "1010", "bit(4)", "1010"),
            sized("varbit", 9, -1, ValueType.BITS, "10101", "bit varying(9)", "10101"),
            of("mood", ValueType.TEXT, "so so", "\"odd types\".mood", "so so"),
            of("pair", ValueType.TEXT, "(1,\"a \"\"b\"\"\")", "\"odd types\".pair", null),
            // A user's type carries its schema; it may have the name of a type of MySQL, or of the server's own.
            of("public.year", ValueType.TEXT, "leap", "year", "leap"),
            array("public.year[]", ValueType.TEXT, List.of("leap"), "year[]", "{leap}"),
            of("\"odd types\".date", ValueType.TEXT, "blind", "HIDDEN.date", "blind"),
            of("elsewhere.mood", ValueType.TEXT, "fine", "\"odd types\".mood", "fine"),
            of("elsewhere.nosuchtype", ValueType.TEXT, "kept as text", "text", "kept as text"),
            of("nosuchtype", ValueType.TEXT, "kept as text", "text", "kept as text"),
            of("nosuchint", ValueType.INT64, 5L, "bigint", "5"),
            array("_int4", ValueType.INT32, Arrays.asList(1, null, 3), "integer[]", "{1,NULL,3}"),
            array("_int4", ValueType.INT32, List.of(List.of(1, 2), List.of(3, 4)), "integer[]", "{{1,2},{3,4}}"),
            array(
                    "_int4",
                    ValueType.INT32,
                    new BoundedArray("[0:1][2:3]", List.of(List.of(1, 2), List.of(3, 4))),
                    "integer[]",
                    "[0:1][2:3]={{1,2},{3,4}}"),
            array("_text", ValueType.TEXT, List.of(), "text[]", "{}"),
            array(
                    "_text",
                    ValueType.TEXT,
                    Arrays.asList("a,b", "q\"\\", "", "NULL", null),
                    "text[]",
                    "{\"a,b\",\"q\\\"\\\\\",\"\",\"NULL\",NULL}"),
            array("_bytea", ValueType.BYTES, List.of(new byte[] {1, 2}), "bytea[]", "{\"\\\\x0102\"}"),
            array("_timestamptz", ValueType.TIMESTAMPTZ, List.of(0L), "timestamp with time zone[]", null),
            array("_numeric", ValueType.DECIMAL, List.of(new BigDecimal("1.10")), "numeric[]", "{1.10}"),
            array("_mood", ValueType.TEXT, List.of("so so"), "\"odd types\".mood[]", "{\"so so\"}"),
            array("_nosuchtype", ValueType.TEXT, List.of("a", "b"), "text[]", "{a,b}"));

    @Test
    void everyTypeKeepsItsValue() throws Exception {
        try (JdbcTarget target = new JdbcTarget()) {
            target.prepared(
                    "CREATE SCHEMA \"odd types\"",
                    "CREATE TYPE \"odd types\".mood AS ENUM ('so so', 'fine')",
                    "CREATE TYPE \"odd types\".pair AS (a int, b text)",
                    "CREATE TYPE public.year AS ENUM ('leap')",
                    "CREATE TYPE \"odd types\".date AS ENUM ('blind')",
                    "ALTER DATABASE " + target.database + " SET search_path = public, \"odd types\"");
            List<Column> columns = new ArrayList<>(List.of(number("id")));
            List<Object> values = new ArrayList<>(List.of(1L));
            List<Object> nulls = new ArrayList<>(List.of(2L));
            for (int i = 0; i < CASES.size(); i++) {
                Column column = CASES.get(i).column();
                columns.add(new Column(
                        "c" + i,
                        column.sourceType(),
                        column.length(),
                        column.scale(),
                        true,
                        column.valueType(),
                        column.elementType()));
                values.add(CASES.get(i).value());
                nulls.add(null);
            }
            TableSchema schema = table(1, "kinds", List.of(0), columns.toArray(Column[]::new));
            ChangeStream stream = new ChangeStream();
            stream.insert(schema, values.toArray())
                    .insert(schema, nulls.toArray())
                    .commit();
            target.write(stream);
            // Again, in place: updates cast as inserts do.
            stream.update(schema, values.toArray()).commit();
            target.write(stream.frames().get(1).batch());
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < CASES.size(); i++) {
                Case expected = CASES.get(i);
                softly.assertThat(target.query(
                                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'kinds'::regclass"
                                        + " AND attname = 'c" + i + "'"))
                        .as("type of %s", expected)
                        .containsExactly(expected.type()
                                .replace("\"odd types\".", "")
                                // behind the server's own date
                                .replace("HIDDEN", "\"odd types\""));
                if (expected.shown() != null) {
                    softly.assertThat(target.query("SELECT c" + i + "::text FROM kinds ORDER BY id"))
                            .as("value of %s", expected)
                            .containsExactly(expected.shown(), "-");
                } else {
                    softly.assertThat(target.query("SELECT c" + i + " IS NULL FROM kinds ORDER BY id"))
                            .as("value of %s", expected)
                            .containsExactly("f", "t");
                }
            }
            softly.assertAll();
        }
    }

    @Test
    void theCharacterNulIsRefusedByName() throws Exception {
        try (JdbcTarget target = new JdbcTarget()) {
            TableSchema item = table(1, "item", List.of(0), number("id"), JdbcTarget.text("name"));
            target.open(1, item);
            ChangeStream stream = new ChangeStream();
            stream.insert(item, 1L, "a\0b").commit();
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(stream));
            assertThat(failure.disposition()).isEqualTo(SinkException.Disposition.REJECT);
            assertThat(failure).hasMessageContaining("U+0000").hasMessageContaining("column name");
            assertThat(failure.rejected())
                    .containsExactly(stream.events().get(0).id());
        }
    }

    @Test
    void valuesAreCastToWhatTheOwnerOfTheTargetChose() throws Exception {
        try (JdbcTarget target = new JdbcTarget()) {
            target.prepared(
                    "CREATE DOMAIN small AS varchar(5) CHECK (VALUE <> 'bad')",
                    "CREATE TABLE item (id numeric PRIMARY KEY, a small, b text, c integer[], d jsonb)");
            TableSchema schema = table(
                    1,
                    "item",
                    List.of(0),
                    number("id"),
                    JdbcTarget.text("a"),
                    Column.of("b", "bytea", ValueType.BYTES, true),
                    new Column("c", "_int8", -1, -1, true, ValueType.ARRAY, ValueType.INT64),
                    JdbcTarget.text("d"));
            ChangeStream stream = new ChangeStream();
            stream.insert(schema, 1L, "five5", new byte[] {1}, List.of(7L), "{\"k\": 1}")
                    .commit();
            target.write(stream);
            assertThat(target.query("SELECT * FROM item")).containsExactly("1|five5|\\x01|{7}|{\"k\": 1}");
            stream.insert(schema, 2L, "six666", null, null, null).commit();
            assertThat(catchThrowableOfType(
                                    SinkException.class,
                                    () -> target.write(stream.frames().get(1).batch()))
                            .disposition())
                    .as("a text too long for the domain is refused, not cut")
                    .isEqualTo(SinkException.Disposition.REJECT);
        }
    }
}
