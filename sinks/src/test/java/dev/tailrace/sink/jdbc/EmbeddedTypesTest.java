package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.config.Finding;
import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of value of PostgreSQL and of MySQL in tables that Tailrace creates in a file of SQLite and of H2. */
class EmbeddedTypesTest {

    /**
     * @param sqlite what the column is declared as, what its value is stored as, and the value, joined by bars
     * @param h2 the column's type and the value, joined by a bar; {@link #REFUSED} instead of a value that H2 has not got
     */
    private record Case(Column column, Object value, String sqlite, String h2) {
        String[] parts(TestServer server) {
            return (server == TestServer.SQLITE ? sqlite : h2).split("\\|", server == TestServer.SQLITE ? 3 : 2);
        }

        boolean isRefused(TestServer server) {
            String[] parts = parts(server);
            return parts[parts.length - 1].equals(REFUSED);
        }
    }

    private static final String REFUSED = "REFUSED";

    private static Case of(String source, ValueType carried, Object value, String sqlite, String h2) {
        return sized(source, -1, -1, carried, value, sqlite, h2);
    }

    private static Case sized(
            String source, int length, int scale, ValueType carried, Object value, String sqlite, String h2) {
        return new Case(new Column("x", source, length, scale, true, carried, null), value, sqlite, h2);
    }

    private static Case array(String source, ValueType element, List<?> value, String json) {
        return new Case(
                new Column("x", source, -1, -1, true, ValueType.ARRAY, element),
                value,
                "text|text|" + json,
                CLOB + json);
    }

    private static final byte[] BYTES = {0, -1, 92, 34, 39};
    private static final int DAY_44_BC = (int) LocalDate.of(-43, 3, 15).toEpochDay();
    private static final String CLOB = "CHARACTER LARGE OBJECT|";
    private static final String TZ = "TIMESTAMP(6) WITH TIME ZONE|";

    private static final List<Case> POSTGRES = List.of(
            of("bool", ValueType.BOOLEAN, true, "boolean|integer|1", "BOOLEAN|TRUE"),
            of("int2", ValueType.INT16, Short.MIN_VALUE, "integer|integer|-32768", "SMALLINT|-32768"),
            of("int4", ValueType.INT32, Integer.MIN_VALUE, "integer|integer|-2147483648", "INTEGER|-2147483648"),
            of(
                    "int8",
                    ValueType.INT64,
                    Long.MIN_VALUE,
                    "integer|integer|-9223372036854775808",
                    "BIGINT|-9223372036854775808"),
            of("float4", ValueType.FLOAT32, 0.5f, "real|real|0.5", "REAL|0.5"),
            of("float4", ValueType.FLOAT32, Float.NaN, "real|text|NaN", "REAL|NaN"),
            of("float8", ValueType.FLOAT64, 1.0E-300, "real|real|1.0e-300", "DOUBLE PRECISION|1.0E-300"),
            of(
                    "float8",
                    ValueType.FLOAT64,
                    0.1 + 0.2,
                    "real|real|0.30000000000000004",
                    "DOUBLE PRECISION|0.30000000000000004"),
            of("float8", ValueType.FLOAT64, Double.NaN, "real|text|NaN", "DOUBLE PRECISION|NaN"),
            of("float8", ValueType.FLOAT64, Double.NEGATIVE_INFINITY, "real|real|-Inf", "DOUBLE PRECISION|-Infinity"),
            // Neither keeps the sign of a zero.
            of("float8", ValueType.FLOAT64, -0.0, "real|real|" + REFUSED, "DOUBLE PRECISION|" + REFUSED),
            of("float4", ValueType.FLOAT32, -0.0f, "real|real|" + REFUSED, "REAL|" + REFUSED),
            of("numeric", ValueType.DECIMAL, new BigDecimal("1.500"), "text|text|1.500", "CHARACTER VARYING|1.500"),
            of(
                    "numeric",
                    ValueType.DECIMAL,
                    new BigDecimal("1E+40").setScale(2),
                    "text|text|1" + "0".repeat(40) + ".00",
                    "CHARACTER VARYING|1" + "0".repeat(40) + ".00"),
            of("numeric", ValueType.DECIMAL, Double.NaN, "text|text|NaN", "CHARACTER VARYING|NaN"),
            sized(
                    "numeric",
                    12,
                    3,
                    ValueType.DECIMAL,
                    new BigDecimal("-7.120"),
                    "text|text|-7.120",
                    "NUMERIC(12, 3)|-7.120"),
            sized("numeric", 12, 3, ValueType.DECIMAL, Double.NaN, "text|text|NaN", "NUMERIC(12, 3)|" + REFUSED),
            sized(
                    "numeric",
                    18,
                    0,
                    ValueType.DECIMAL,
                    new BigDecimal("9".repeat(18)),
                    "integer|integer|" + "9".repeat(18),
                    "NUMERIC(18, 0)|" + "9".repeat(18)),
            of("text", ValueType.TEXT, "", "text|text|", CLOB),
            of("text", ValueType.TEXT, "12.50", "text|text|12.50", CLOB + "12.50"),
            of(
                    "text",
                    ValueType.TEXT,
                    "a\0'\"\n\uD83D\uDE00 ",
                    "text|text|a\0'\"\n\uD83D\uDE00 ",
                    CLOB + "a\0'\"\n\uD83D\uDE00 "),
            sized("varchar", 20, -1, ValueType.TEXT, "v ", "text|text|v ", "CHARACTER VARYING(40)|v "),
            sized("varchar", 1, -1, ValueType.TEXT, "😀", "text|text|😀", "CHARACTER VARYING(2)|😀"),
            sized("bpchar", 5, -1, ValueType.TEXT, "ab   ", "text|text|ab   ", "CHARACTER VARYING(10)|ab   "),
            of("bytea", ValueType.BYTES, BYTES, "blob|blob|00FF5C2227", "BINARY LARGE OBJECT|00ff5c2227"),
            of("date", ValueType.DATE, -1, "text|text|1969-12-31", "DATE|1969-12-31"),
            of("date", ValueType.DATE, DAY_44_BC, "text|text|0044-03-15 BC", "DATE|-0043-03-15"),
            of("date", ValueType.DATE, ValueType.DATE_INFINITY, "text|text|infinity", "DATE|" + REFUSED),
            of("time", ValueType.TIME, 1L, "text|text|00:00:00.000001", "TIME(6)|00:00:00.000001"),
            of("time", ValueType.TIME, 86_400_000_000L, "text|text|24:00:00", "TIME(6)|" + REFUSED),
            of("timetz", ValueType.TEXT, "12:30:00.5+02", "text|text|12:30:00.5+02", CLOB + "12:30:00.5+02"),
            of(
                    "timestamp",
                    ValueType.TIMESTAMP,
                    -1L,
                    "text|text|1969-12-31 23:59:59.999999",
                    "TIMESTAMP(6)|1969-12-31 23:59:59.999999"),
            of(
                    "timestamp",
                    ValueType.TIMESTAMP,
                    9_223_371_331_199_999_999L,
                    "text|text|294247-01-01 23:59:59.999999",
                    "TIMESTAMP(6)|294247-01-01 23:59:59.999999"),
            of(
                    "timestamp",
                    ValueType.TIMESTAMP,
                    ValueType.TIMESTAMP_INFINITY,
                    "text|text|infinity",
                    "TIMESTAMP(6)|" + REFUSED),
            of(
                    "timestamptz",
                    ValueType.TIMESTAMPTZ,
                    0L,
                    "text|text|1970-01-01 00:00:00+00:00",
                    TZ + "1970-01-01 00:00:00+00"),
            of(
                    "timestamptz",
                    ValueType.TIMESTAMPTZ,
                    -ValueType.TIMESTAMP_INFINITY,
                    "text|text|-infinity",
                    TZ + REFUSED),
            of(
                    "interval",
                    ValueType.TEXT,
                    "1 year 04:05:06.789",
                    "text|text|1 year 04:05:06.789",
                    CLOB + "1 year 04:05:06.789"),
            of(
                    "uuid",
                    ValueType.TEXT,
                    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                    "text|text|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                    "UUID|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            of("json", ValueType.TEXT, "{\"a\":  1.10}", "text|text|{\"a\":  1.10}", CLOB + "{\"a\":  1.10}"),
            of("inet", ValueType.TEXT, "10.0.0.1/8", "text|text|10.0.0.1/8", CLOB + "10.0.0.1/8"),
            sized("bit", 4, -1, ValueType.BITS, "0101", "text|text|0101", "CHARACTER VARYING|0101"),
            sized("varbit", 9, -1, ValueType.BITS, "00101", "text|text|00101", "CHARACTER VARYING|00101"),
            array("_int4", ValueType.INT32, Arrays.asList(1, null, 3), "[1,null,3]"),
            array("_int4", ValueType.INT32, List.of(List.of(1, 2), List.of(3, 4)), "[[1,2],[3,4]]"),
            array(
                    "_int4",
                    ValueType.INT32,
                    new BoundedArray("[2:3]", List.of(7, 8)),
                    "{\"bounds\":\"[2:3]\",\"elements\":[7,8]}"),
            array("_text", ValueType.TEXT, Arrays.asList("a,\"b", "NULL", null), "[\"a,\\\"b\",\"NULL\",null]"),
            array("_numeric", ValueType.DECIMAL, List.of(new BigDecimal("1.10"), Double.NaN), "[1.10,\"NaN\"]"),
            array("_float8", ValueType.FLOAT64, List.of(-0.0), "[-0.0]"),
            array("_timestamptz", ValueType.TIMESTAMPTZ, List.of(0L), "[\"1970-01-01 00:00:00+00\"]"),
            array("_bytea", ValueType.BYTES, List.of(new byte[] {1, 2}), "[\"\\\\x0102\"]"));

    private static final List<Case> MYSQL = List.of(
            of("tinyint unsigned", ValueType.INT16, (short) 255, "integer|integer|255", "SMALLINT|255"),
            of("int unsigned", ValueType.INT64, 4_294_967_295L, "integer|integer|4294967295", "BIGINT|4294967295"),
            sized(
                    "bigint unsigned",
                    20,
                    0,
                    ValueType.DECIMAL,
                    new BigDecimal("18446744073709551615"),
                    "text|text|18446744073709551615",
                    "NUMERIC(20, 0)|18446744073709551615"),
            sized(
                    "decimal",
                    10,
                    2,
                    ValueType.DECIMAL,
                    new BigDecimal("-1.50"),
                    "text|text|-1.50",
                    "NUMERIC(10, 2)|-1.50"),
            sized("bit", 10, -1, ValueType.BITS, "0000000001", "text|text|0000000001", "CHARACTER VARYING|0000000001"),
            sized("char", 5, -1, ValueType.TEXT, "ab", "text|text|ab", "CHARACTER VARYING(10)|ab"),
            of("blob", ValueType.BYTES, BYTES, "blob|blob|00FF5C2227", "BINARY LARGE OBJECT|00ff5c2227"),
            of("enum", ValueType.TEXT, "so so", "text|text|so so", CLOB + "so so"),
            of("json", ValueType.TEXT, "{\"a\": 1}", "text|text|{\"a\": 1}", CLOB + "{\"a\": 1}"),
            of("year", ValueType.INT32, 2155, "integer|integer|2155", "INTEGER|2155"),
            of(
                    "time",
                    ValueType.TIME,
                    -3_020_399_000_001L,
                    "text|text|-838:59:59.000001",
                    "INTERVAL HOUR(4) TO SECOND(6)|INTERVAL '-838:59:59.000001' HOUR TO SECOND"),
            of(
                    "datetime",
                    ValueType.TIMESTAMP,
                    1L,
                    "text|text|1970-01-01 00:00:00.000001",
                    "TIMESTAMP(6)|1970-01-01 00:00:00.000001"),
            of(
                    "timestamp",
                    ValueType.TIMESTAMPTZ,
                    1_000_001L,
                    "text|text|1970-01-01 00:00:01.000001+00:00",
                    TZ + "1970-01-01 00:00:01.000001+00"));

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"})
    void everyTypeOfPostgresKeepsItsValue(TestServer server) throws Exception {
        assertKept(server, POSTGRES);
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"})
    void everyTypeOfMySqlKeepsItsValue(TestServer server) throws Exception {
        assertKept(server, MYSQL);
    }

    private static void assertKept(TestServer server, List<Case> cases) throws Exception {
        KindsTable kinds = new KindsTable(cases.stream().map(Case::column).toList());
        try (JdbcTarget target = new JdbcTarget(server)) {
            List<Object> values = new ArrayList<>();
            cases.forEach(c -> values.add(c.isRefused(server) ? null : c.value()));
            kinds.write(target, values);
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < cases.size(); i++) {
                assertKept(target, kinds, cases.get(i), i, softly);
            }
            softly.assertThat(target.preflight(kinds.schema()))
                    .as("the created table is what is wanted")
                    .extracting(Finding::message)
                    .isEmpty();
            softly.assertAll();
        }
    }

    private static void assertKept(JdbcTarget target, KindsTable kinds, Case expected, int i, SoftAssertions softly)
            throws Exception {
        String[] parts = expected.parts(target.server);
        boolean bytes = expected.column().valueType() == ValueType.BYTES;
        String column = "c" + i;
        if (target.server == TestServer.SQLITE) {
            softly.assertThat(target.query(
                            "SELECT lower(type) FROM pragma_table_xinfo('kinds') WHERE name = '" + column + "'"))
                    .as("type of %s", expected)
                    .containsExactly(parts[0]);
            String form = bytes ? "hex(" + column + ")" : column;
            if (expected.isRefused(target.server)) {
                refused(target, kinds, expected, i, softly);
            } else {
                softly.assertThat(target.query("SELECT typeof(" + column + "), " + form + " FROM kinds WHERE id = 1"))
                        .as("value of %s", expected)
                        .containsExactly(parts[1] + "|" + parts[2]);
            }
        } else {
            softly.assertThat(target.query("SELECT DATA_TYPE_SQL('public', 'kinds', 'TABLE', dtd_identifier)"
                            + " FROM information_schema.columns WHERE table_name = 'kinds' AND column_name = '"
                            + column + "'"))
                    .as("type of %s", expected)
                    .containsExactly(parts[0]);
            if (expected.isRefused(target.server)) {
                refused(target, kinds, expected, i, softly);
            } else {
                String form = bytes ? "rawtohex(cast(" + column + " AS varbinary))" : column;
                softly.assertThat(target.query("SELECT " + form + " FROM kinds WHERE id = 1"))
                        .as("value of %s", expected)
                        .containsExactly(parts[1]);
            }
        }
        softly.assertThat(target.query("SELECT " + column + " FROM kinds WHERE id = 2"))
                .as("null of %s", expected)
                .containsExactly("-");
    }

    private static void refused(JdbcTarget target, KindsTable kinds, Case expected, int column, SoftAssertions softly) {
        ChangeStream stream = new ChangeStream();
        stream.commit();
        stream.commit();
        stream.insert(kinds.schema(), kinds.row(99, column, expected.value())).commit();
        SinkException failure = catchThrowableOfType(
                SinkException.class, () -> target.write(stream.frames().get(2).batch()));
        softly.assertThat(failure).as("%s was taken", expected).isNotNull();
        if (failure != null) {
            softly.assertThat(failure.code()).as("%s", expected).isEqualTo("JDBC-VALUE");
        }
    }
}
