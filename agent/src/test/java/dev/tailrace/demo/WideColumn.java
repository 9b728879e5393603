package dev.tailrace.demo;

import dev.tailrace.capture.mysql.ValueColumns;
import java.util.Arrays;
import java.util.List;

/**
 * A column of the wide table.
 *
 * @param type as its database declares it
 * @param values as SQL, the hardest that the type has; none for a generated column
 */
record WideColumn(String name, String type, WideForm form, List<String> values) {
    private static WideColumn of(String name, String type, WideForm form, String... values) {
        return new WideColumn(name, type, form, List.of(values));
    }

    boolean isGenerated() {
        return values.isEmpty();
    }

    /** In the row of that number. */
    String value(int row) {
        return row < values.size() ? values.get(row) : type.contains("IDENTITY") ? "0" : "NULL";
    }

    /** One row for each value, and one of nulls. */
    static int rows(List<WideColumn> columns) {
        return 1
                + columns.stream()
                        .mapToInt(column -> column.values.size())
                        .max()
                        .orElseThrow();
    }

    /** The types of MySQL. */
    static List<WideColumn> ofMySql() {
        return Arrays.stream(ValueColumns.values())
                .map(column -> new WideColumn(
                        column.name(),
                        column.type,
                        switch (column.form) {
                            case NUMBER -> WideForm.NUMBER;
                            case DOUBLE -> WideForm.FLOATING;
                            case BITS -> WideForm.BITS;
                            case TEXT -> WideForm.TEXT;
                            case BYTES -> WideForm.BYTES;
                            case DATE, TIME, DATETIME, STAMP -> WideForm.TEMPORAL;
                            case JSON -> WideForm.JSON;
                        },
                        // PostgreSQL has a text without U+0000 only, and rejects it
                        column.values.stream()
                                .map(v -> v.replace("\\0", ""))
                                // MySQL has no number in JSON that no double holds, and its sink rejects it
                                .map(v -> v.replace("12345678901234567890123", "12345678901234567000"))
                                .toList()))
                .toList();
    }

    /** The types of PostgreSQL, without the values that no type of MySQL holds. */
    static List<WideColumn> ofPostgres() {
        return List.of(
                of("b", "bool", WideForm.TRUTH, "true", "false"),
                of("i2", "int2", WideForm.NUMBER, "-32768", "32767"),
                of("i4", "int4", WideForm.NUMBER, "-2147483648", "2147483647"),
                of("i8", "int8", WideForm.NUMBER, "-9223372036854775808", "9223372036854775807"),
                of("o", "oid", WideForm.NUMBER, "4294967295", "0"),
                of("f4", "float4", WideForm.FLOATING, "3.4028235e38", "1e-45", "0.1", "16777217", "-0.0"),
                of("f8", "float8", WideForm.FLOATING, "1.7976931348623157e308", "5e-324", "0.1", "-0.0"),
                of(
                        "n",
                        "numeric",
                        WideForm.TEXT,
                        "123456789012345678901234567890.1234567890",
                        "-0.00",
                        "'NaN'",
                        "'-Infinity'",
                        "1e130000",
                        "1e-16000"),
                of("n10", "numeric(10,2)", WideForm.NUMBER, "-99999999.99", "0.01", "12.3", "0"),
                of("n65", "numeric(65,30)", WideForm.NUMBER, "-" + "9".repeat(35) + "." + "9".repeat(30), "1e-30"),
                of("n66", "numeric(66,31)", WideForm.TEXT, "9".repeat(35) + "." + "9".repeat(31), "'NaN'"),
                of("neg", "numeric(3,-2)", WideForm.TEXT, "12300", "-99900"),
                of("m", "money", WideForm.MONEY, "'$1,234.56'", "'-92233720368547758.08'"),
                of("t", "text", WideForm.TEXT, "''", "'tä€xt 😀 '", "E'a''b\\\\c\\n\\t\\u0001'", BIG),
                of("vc", "varchar(20)", WideForm.TEXT, "''", "'it''s  '", "repeat('😀', 20)"),
                of("c", "char(5)", WideForm.PADDED, "'ab'", "''", "'12345'"),
                of("nm", "name", WideForm.TEXT, "'name'", "''"),
                of("ch", "\"char\"", WideForm.TEXT, "'q'", "''"),
                of("by", "bytea", WideForm.BYTES, "'\\x00ff10275c'", "''", "decode(repeat('00ff', 9000), 'hex')"),
                of("d", "date", WideForm.TEMPORAL, "'0001-01-01'", "'9999-12-31'", "'1582-10-10'", "'1969-12-31'"),
                of("tm", "time", WideForm.TEMPORAL, "'00:00'", "'24:00:00'", "'23:59:59.999999'"),
                of("tm3", "time(3)", WideForm.TEMPORAL, "'01:02:03.004'"),
                of("ttz", "timetz", WideForm.TEXT, "'12:34:56.789+05:30'", "'00:00:00.000001+00'"),
                of(
                        "ts",
                        "timestamp",
                        WideForm.TEMPORAL,
                        "'0001-01-01 00:00:00.000001'",
                        "'9999-12-31 23:59:59.999999'",
                        "'2024-03-31 02:30:00.123457'",
                        "'1582-10-10 12:00'"),
                of("ts0", "timestamp(0)", WideForm.TEMPORAL, "'2024-02-29 01:02:03'"),
                of(
                        "tz",
                        "timestamptz",
                        WideForm.TEMPORAL,
                        "'2024-02-29 01:02:03.456789+13:45'",
                        "'0001-01-01 00:00:00+00'",
                        "'9999-12-31 23:59:59.999999+00'",
                        "'2024-10-27 01:30:00 America/New_York'"),
                of("iv", "interval", WideForm.TEXT, "'1 year -2 mons 3 days -04:05:06.789'", "'0'", "'-1 day'"),
                of("bi", "bit(5)", WideForm.BITS, "B'00101'", "B'00000'", "B'11111'"),
                of("bi64", "bit(64)", WideForm.BITS, "repeat('1', 64)::bit(64)", "1::bit(64)"),
                of("vb", "varbit", WideForm.TEXT, "B'0001'", "B''", "repeat('10', 40)::varbit"),
                of("u", "uuid", WideForm.TEXT, "'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11'"),
                of("j", "json", WideForm.TEXT, "'{\"b\" : 1.10, \"a\":[1], \"b\":2}'", "'null'", "'\"😀\"'"),
                of("jb", "jsonb", WideForm.TEXT, "'{\"b\": [1, 2.50], \"aa\": 1e400}'", "'\"x\"'"),
                of("x", "xml", WideForm.TEXT, "'<a>b</a>'", "''"),
                of("ip", "inet", WideForm.TEXT, "'192.168.0.1/24'", "'::1/64'"),
                of("net", "cidr", WideForm.TEXT, "'10.0.0.0/8'", "'::/0'"),
                of("mac", "macaddr", WideForm.TEXT, "'08:00:2b:01:02:03'"),
                of("mac8", "macaddr8", WideForm.TEXT, "'08:00:2b:01:02:03:04:05'"),
                of("e", "mood", WideForm.TEXT, "'ok'", "'😀 sad'"),
                of("dom", "positive", WideForm.NUMBER, "5"),
                of("comp", "pair", WideForm.TEXT, "ROW(1,'x,\"y')", "ROW(NULL,NULL)"),
                of("pt", "point", WideForm.TEXT, "'(1,2.5)'", "'(-0.1,1e+20)'"),
                of("ln", "line", WideForm.TEXT, "'{1,2,3}'"),
                of("ls", "lseg", WideForm.TEXT, "'[(0,0),(1.5,1)]'"),
                of("bx", "box", WideForm.TEXT, "'(2,2),(1,1)'"),
                of("pa", "path", WideForm.TEXT, "'((0,0),(1,1))'", "'[(0,0),(1,1)]'"),
                of("po", "polygon", WideForm.TEXT, "'((0,0),(1,1),(1,0))'"),
                of("ci", "circle", WideForm.TEXT, "'<(1,2),3>'"),
                of("r4", "int4range", WideForm.TEXT, "'[1,5)'", "'empty'", "'(,)'"),
                of("rn", "numrange", WideForm.TEXT, "'[1.50,)'"),
                of("rts", "tsrange", WideForm.TEXT, "'[2020-01-01,2020-02-01)'"),
                of("rtz", "tstzrange", WideForm.TEXT, "'[2020-01-01 00:00+05,)'"),
                of("rd", "daterange", WideForm.TEXT, "'[,2020-02-01)'"),
                of("mr", "int4multirange", WideForm.TEXT, "'{[1,3),[5,8)}'", "'{}'"),
                of("tsv", "tsvector", WideForm.TEXT, "'a fat cat'", "''"),
                of("tsq", "tsquery", WideForm.TEXT, "'fat & cat'"),
                of("lsn", "pg_lsn", WideForm.TEXT, "'16/B374D848'"),
                of("h", "hstore", WideForm.TEXT, "'a=>1, \"b c\"=>NULL, d=>\"q\\\"x\"'", "''"),
                of("ai", "int4[]", WideForm.ARRAY, "'{1,NULL,3}'", "'{{1,2},{3,4}}'", "'{}'"),
                of("at", "text[]", WideForm.ARRAY, "'{\"a,b\",\"c\\\"d\",NULL,\"NULL\",\"\",😀}'"),
                of("an", "numeric[]", WideForm.ARRAY, "'{1.50,NaN,NULL}'"),
                of("atz", "timestamptz[]", WideForm.ARRAY, "'{2024-01-01 00:00:00.123456+05,infinity}'"),
                of("ad", "date[]", WideForm.ARRAY, "'{0044-03-15 BC,infinity}'"),
                of("aby", "bytea[]", WideForm.ARRAY, "'{\"\\\\x00ff\",NULL}'"),
                of("au", "uuid[]", WideForm.ARRAY, "'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'"),
                of("ab", "bool[]", WideForm.ARRAY, "'{t,f}'"),
                of("aiv", "interval[]", WideForm.ARRAY, "'{1 day,NULL}'"),
                of("ae", "mood[]", WideForm.ARRAY, "'{ok,\"😀 sad\"}'"),
                of("aj", "jsonb[]", WideForm.ARRAY, "'{\"{\\\"a\\\": 1.0}\"}'"),
                of("avb", "varbit[]", WideForm.ARRAY, "'{0001,1}'"),
                of("seq", "int8 GENERATED BY DEFAULT AS IDENTITY", WideForm.NUMBER, "1", "2", "3", "4", "5", "6", "7"),
                of("gen", "int8 GENERATED ALWAYS AS (i4::int8 * 2) STORED", WideForm.NUMBER));
    }

    /** Beyond what a row holds: an update that leaves it alone does not send it. */
    private static final String BIG = "(SELECT string_agg(md5(g::text), 'ä') FROM generate_series(1, 900) g)";
}
