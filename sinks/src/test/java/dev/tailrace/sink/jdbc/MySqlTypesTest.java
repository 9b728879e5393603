package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.Finding;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.sink.ChangeStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of value of PostgreSQL and of MySQL in tables that Tailrace creates in each of the targets. */
@RequiresServer({RequiresServer.Kind.MYSQL, RequiresServer.Kind.MARIADB})
class MySqlTypesTest {

    /**
     * @param type at MySQL; MariaDB's behind a bar when it is another one
     * @param form of the value at MySQL, {@code x} is the column
     * @param shown what that gives
     */
    private record Case(Column column, Object value, String type, String form, String shown) {}

    private static Case of(String source, ValueType carried, Object value, String type, String form, String shown) {
        return sized(source, -1, -1, carried, value, type, form, shown);
    }

    private static Case sized(
            String source,
            int length,
            int scale,
            ValueType carried,
            Object value,
            String type,
            String form,
            String shown) {
        return new Case(new Column("x", source, length, scale, true, carried, null), value, type, form, shown);
    }

    private static Case array(String source, ValueType element, List<?> value, String shown) {
        return new Case(new Column("x", source, -1, -1, true, ValueType.ARRAY, element), value, "longtext", "x", shown);
    }

    private static final byte[] BYTES = {0, -1, 92, 34, 39};
    private static final byte[] POINT = ByteBuffer.allocate(25)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(4326)
            .put((byte) 1)
            .putInt(1)
            .putDouble(1)
            .putDouble(2)
            .array();
    private static final String POINT_HEX = "E61000000101000000000000000000F03F0000000000000040";

    private static final List<Case> POSTGRES = List.of(
            of("bool", ValueType.BOOLEAN, true, "tinyint(1)", "x", "1"),
            of("int2", ValueType.INT16, Short.MIN_VALUE, "smallint", "x", "-32768"),
            of("int4", ValueType.INT32, Integer.MIN_VALUE, "int", "x", "-2147483648"),
            of("int8", ValueType.INT64, Long.MIN_VALUE, "bigint", "x", "-9223372036854775808"),
            of("float4", ValueType.FLOAT32, 0.1f, "float", "cast(x as double)", "0.10000000149011612"),
            of("float4", ValueType.FLOAT32, Float.MIN_VALUE, "float", "x > 1.4012984e-45 and x < 1.4012985e-45", "1"),
            of("float8", ValueType.FLOAT64, 1.0E-300, "double", "x", "1.0E-300"),
            of("float8", ValueType.FLOAT64, 0.1 + 0.2, "double", "x", "0.30000000000000004"),
            of("float8", ValueType.FLOAT64, -0.0, "double", "x", "-0.0"),
            of(
                    "numeric",
                    ValueType.DECIMAL,
                    new BigDecimal("1.500e40").setScale(2),
                    "longtext",
                    "x",
                    "15" + "0".repeat(39) + ".00"),
            of("numeric", ValueType.DECIMAL, Double.NaN, "longtext", "x", "NaN"),
            sized("numeric", 12, 3, ValueType.DECIMAL, new BigDecimal("-7.125"), "decimal(12,3)", "x", "-7.125"),
            sized(
                    "numeric",
                    65,
                    30,
                    ValueType.DECIMAL,
                    new BigDecimal("1".repeat(35) + "." + "2".repeat(30)),
                    "decimal(65,30)",
                    "x",
                    "1".repeat(35) + "." + "2".repeat(30)),
            sized("numeric", 100, 50, ValueType.DECIMAL, new BigDecimal("0.10"), "longtext", "x", "0.10"),
            of("text", ValueType.TEXT, "", "longtext", "x", ""),
            of("text", ValueType.TEXT, "a\0'\"\\\n\uD83D\uDE00 ", "longtext", "hex(x)", "610027225C0AF09F988020"),
            sized("varchar", 20, -1, ValueType.TEXT, "\uD83D\uDE00".repeat(20), "varchar(20)", "char_length(x)", "20"),
            sized("varchar", Integer.MAX_VALUE, -1, ValueType.TEXT, "v", "longtext", "x", "v"),
            sized("bpchar", 5, -1, ValueType.TEXT, "ab   ", "varchar(5)", "concat(x, '.')", "ab   ."),
            of("bytea", ValueType.BYTES, BYTES, "longblob", "hex(x)", "00FF5C2227"),
            of("date", ValueType.DATE, -1, "date", "x", "1969-12-31"),
            of("date", ValueType.DATE, (int) LocalDate.of(9999, 12, 31).toEpochDay(), "date", "x", "9999-12-31"),
            of("date", ValueType.DATE, (int) LocalDate.of(1, 1, 1).toEpochDay(), "date", "x", "0001-01-01"),
            of("time", ValueType.TIME, 86_400_000_000L, "time(6)", "x", "24:00:00"),
            of("time", ValueType.TIME, 1L, "time(6)", "x", "00:00:00.000001"),
            of("timetz", ValueType.TEXT, "12:30:00.5+02", "longtext", "x", "12:30:00.5+02"),
            of("timestamp", ValueType.TIMESTAMP, -1L, "datetime(6)", "x", "1969-12-31 23:59:59.999999"),
            of(
                    "timestamptz",
                    ValueType.TIMESTAMPTZ,
                    4_102_444_800_123_456L,
                    "datetime(6)",
                    "x",
                    "2100-01-01 00:00:00.123456"),
            of(
                    "interval",
                    ValueType.TEXT,
                    "1 year -3 days 04:05:06.789",
                    "longtext",
                    "x",
                    "1 year -3 days 04:05:06.789"),
            of("uuid", ValueType.TEXT, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "char(36)", "length(x)", "36"),
            of("json", ValueType.TEXT, "{\"b\":  1.10, \"a\": [1]}", "longtext", "x", "{\"b\":  1.10, \"a\": [1]}"),
            of("jsonb", ValueType.TEXT, "{\"a\": 1.10}", "longtext", "x", "{\"a\": 1.10}"),
            of("inet", ValueType.TEXT, "10.0.0.1/8", "longtext", "x", "10.0.0.1/8"),
            of("int4range", ValueType.TEXT, "[1,10)", "longtext", "x", "[1,10)"),
            of("point", ValueType.TEXT, "(1,2)", "longtext", "x", "(1,2)"),
            sized("bit", 4, -1, ValueType.BITS, "0101", "bit(4)", "bin(x)", "101"),
            sized("bit", 64, -1, ValueType.BITS, "1".repeat(64), "bit(64)", "bin(x)", "1".repeat(64)),
            sized("bit", 65, -1, ValueType.BITS, "0".repeat(65), "longtext", "x", "0".repeat(65)),
            sized("varbit", 9, -1, ValueType.BITS, "00101", "longtext", "x", "00101"),
            array("_int4", ValueType.INT32, Arrays.asList(1, null, 3), "[1,null,3]"),
            array("_int4", ValueType.INT32, List.of(List.of(1, 2), List.of(3, 4)), "[[1,2],[3,4]]"),
            array("_text", ValueType.TEXT, Arrays.asList("a,\"b", "NULL", null), "[\"a,\\\"b\",\"NULL\",null]"),
            array("_numeric", ValueType.DECIMAL, List.of(new BigDecimal("1.10"), Double.NaN), "[1.10,\"NaN\"]"),
            array("_timestamptz", ValueType.TIMESTAMPTZ, List.of(0L), "[\"1970-01-01 00:00:00+00\"]"));

    private static final List<Case> MYSQL = List.of(
            of("tinyint", ValueType.INT16, (short) -128, "tinyint", "x", "-128"),
            of("tinyint unsigned", ValueType.INT16, (short) 255, "tinyint unsigned", "x", "255"),
            of("mediumint", ValueType.INT32, -8_388_608, "mediumint", "x", "-8388608"),
            of("int unsigned", ValueType.INT64, 4_294_967_295L, "int unsigned", "x", "4294967295"),
            of(
                    "bigint unsigned",
                    ValueType.DECIMAL,
                    new BigDecimal("18446744073709551615"),
                    "bigint unsigned",
                    "x",
                    "18446744073709551615"),
            sized("decimal", 10, 2, ValueType.DECIMAL, new BigDecimal("-1.50"), "decimal(10,2)", "x", "-1.50"),
            of("float", ValueType.FLOAT32, 16_777_215.0f, "float", "cast(x as double)", "1.6777215E7"),
            of("double", ValueType.FLOAT64, 1.7976931348623157E308, "double", "x", "1.7976931348623157E308"),
            sized("bit", 10, -1, ValueType.BITS, "1000000001", "bit(10)", "bin(x)", "1000000001"),
            sized("char", 5, -1, ValueType.TEXT, "ab", "char(5)", "x", "ab"),
            sized("varchar", 9, -1, ValueType.TEXT, "ab ", "varchar(9)", "concat(x, '.')", "ab ."),
            of("text", ValueType.TEXT, "\uD83D\uDE00", "text", "x", "\uD83D\uDE00"),
            of("mediumtext", ValueType.TEXT, "x", "mediumtext", "x", "x"),
            sized("binary", 4, -1, ValueType.BYTES, new byte[] {1, 0, 0, 0}, "binary(4)", "hex(x)", "01000000"),
            sized("varbinary", 9, -1, ValueType.BYTES, BYTES, "varbinary(9)", "hex(x)", "00FF5C2227"),
            of("blob", ValueType.BYTES, BYTES, "blob", "hex(x)", "00FF5C2227"),
            of("enum", ValueType.TEXT, "so so", "varchar(255)", "x", "so so"),
            of("set", ValueType.TEXT, "a,b", "longtext", "x", "a,b"),
            of("json", ValueType.TEXT, "{\"a\": 1}", "json|longtext", "x", "{\"a\": 1}"),
            of("year", ValueType.INT32, 2155, "year", "x", "2155"),
            of("year", ValueType.INT32, 0, "year", "x", "0"),
            of("time", ValueType.TIME, -3_020_399_000_000L, "time(6)", "x", "-838:59:59"),
            of("date", ValueType.DATE, 0, "date", "x", "1970-01-01"),
            of("datetime", ValueType.TIMESTAMP, 1L, "datetime(6)", "x", "1970-01-01 00:00:00.000001"),
            of(
                    "timestamp",
                    ValueType.TIMESTAMPTZ,
                    1_000_001L,
                    "timestamp(6)",
                    "date_format(convert_tz(x, @@time_zone, '+00:00'), '%Y-%m-%d %T.%f')",
                    "1970-01-01 00:00:01.000001"),
            of("point", ValueType.BYTES, POINT, "point", "hex(x)", POINT_HEX),
            of("geometry", ValueType.BYTES, POINT, "geometry", "hex(x)", POINT_HEX));

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void everyTypeOfPostgresKeepsItsValue(TestServer server) throws Exception {
        assertKept(server, POSTGRES);
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL", "MARIADB"})
    void everyTypeOfMySqlKeepsItsValue(TestServer server) throws Exception {
        assertKept(server, MYSQL);
    }

    private static KindsTable kinds(List<Case> cases) {
        return new KindsTable(cases.stream().map(Case::column).toList());
    }

    private static List<Object> values(List<Case> cases) {
        return cases.stream().map(Case::value).toList();
    }

    private static void assertKept(TestServer server, List<Case> cases) throws Exception {
        KindsTable kinds = kinds(cases);
        try (JdbcTarget target = new JdbcTarget(server)) {
            kinds.write(target, values(cases));
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < cases.size(); i++) {
                Case expected = cases.get(i);
                String[] types = expected.type().split("\\|", -1);
                softly.assertThat(target
                                .query("SELECT column_type FROM information_schema.columns WHERE table_schema ="
                                        + " DATABASE() AND table_name = 'kinds' AND column_name = 'c" + i + "'")
                                .stream()
                                .map(MySqlTypesTest::withoutDisplayWidth))
                        .as("type of %s", expected)
                        .containsExactly(types[server == TestServer.MARIADB ? types.length - 1 : 0]);
                softly.assertThat(target.query(
                                "SELECT " + expected.form().replaceAll("\\bx\\b", "c" + i) + " FROM kinds ORDER BY id"))
                        .as("value of %s", expected)
                        .containsExactly(expected.shown(), "-");
            }
            softly.assertThat(target.preflight(kinds.schema()))
                    .as("the created table is what is wanted")
                    .extracting(Finding::message)
                    .isEmpty();
            softly.assertAll();
        }
    }

    /** The types of MySQL's columns in PostgreSQL, and what stands in them then; null: as at MySQL. */
    private static final String[][] IN_POSTGRES = {
        {"smallint", null},
        {"smallint", null},
        {"integer", null},
        {"bigint", null},
        {"numeric(20,0)", null},
        {"numeric(10,2)", null},
        {"real", "1.6777215e+07"},
        {"double precision", "1.7976931348623157e+308"},
        {"bit(10)", null},
        {"character varying(5)", null},
        {"character varying(9)", "ab "},
        {"text", null},
        {"text", null},
        {"bytea", "\\x01000000"},
        {"bytea", "\\x00ff5c2227"},
        {"bytea", "\\x00ff5c2227"},
        {"text", null},
        {"text", null},
        {"json", null},
        {"integer", null},
        {"integer", null},
        {"interval", "-838:59:59"},
        {"date", null},
        {"timestamp without time zone", null},
        {"timestamp with time zone", "1970-01-01 00:00:01.000001+00"},
        {"bytea", "\\x" + POINT_HEX.toLowerCase(java.util.Locale.ROOT)},
        {"bytea", "\\x" + POINT_HEX.toLowerCase(java.util.Locale.ROOT)},
    };

    @org.junit.jupiter.api.Test
    void everyTypeOfMySqlKeepsItsValueInPostgres() throws Exception {
        assertThat(IN_POSTGRES.length).isEqualTo(MYSQL.size());
        KindsTable kinds = kinds(MYSQL);
        try (JdbcTarget target = new JdbcTarget()) {
            target.prepared("ALTER DATABASE " + target.database + " SET timezone = 'UTC'");
            kinds.write(target, values(MYSQL));
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < MYSQL.size(); i++) {
                Case expected = MYSQL.get(i);
                softly.assertThat(target.query(
                                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'kinds'::regclass"
                                        + " AND attname = 'c" + i + "'"))
                        .as("type of %s", expected)
                        .containsExactly(IN_POSTGRES[i][0]);
                String shown = IN_POSTGRES[i][1] == null ? expected.shown() : IN_POSTGRES[i][1];
                softly.assertThat(target.query("SELECT c" + i + "::text FROM kinds ORDER BY id"))
                        .as("value of %s", expected)
                        .containsExactly(shown, "-");
            }
            softly.assertThat(target.preflight(kinds.schema())).isEmpty();
            softly.assertAll();
        }
    }

    /** PostgreSQL has a type of the name char, too, which keeps one byte of a text and drops the others. */
    @org.junit.jupiter.api.Test
    void aCharOfMySqlIsNotThatOfPostgres() throws Exception {
        TableSchema countries = table(
                1,
                "countries",
                List.of(0),
                new Column("code", "char", 2, -1, false, ValueType.TEXT, null),
                new Column("name", "varchar", 50, -1, true, ValueType.TEXT, null));
        try (JdbcTarget target = new JdbcTarget()) {
            ChangeStream stream = new ChangeStream();
            stream.insert(countries, "NL", "Nederland").commit();
            target.write(stream);
            assertThat(target.query("SELECT code || ' ' || name FROM countries"))
                    .containsExactly("NL Nederland");
        }
    }

    /** MariaDB prints the widths of integers, which mean nothing but for {@code tinyint(1)}. */
    private static String withoutDisplayWidth(String type) {
        return type.equals("tinyint(1)")
                ? type
                : type.replaceFirst("^(tinyint|smallint|mediumint|int|bigint|year)\\(\\d+\\)", "$1");
    }
}
