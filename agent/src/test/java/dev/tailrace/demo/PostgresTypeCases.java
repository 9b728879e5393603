package dev.tailrace.demo;

import static dev.tailrace.demo.TypeCase.FILES;
import static dev.tailrace.demo.TypeCase.MYSQLS;
import static dev.tailrace.demo.TypeCase.MYSQLS_AND_H2;
import static dev.tailrace.demo.TypeCase.ONLY_H2;
import static dev.tailrace.demo.TypeCase.of;

import java.util.List;
import java.util.stream.Stream;

/** The types of PostgreSQL 18 and of the extensions that come with it, each with its hardest values. */
final class PostgresTypeCases {
    private PostgresTypeCases() {}

    static List<TypeCase> all() {
        return Stream.of(
                        numbers(),
                        texts(),
                        times(),
                        bits(),
                        documents(),
                        system(),
                        shapes(),
                        UserTypeCases.all(),
                        ArrayCases.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<TypeCase> numbers() {
        return List.of(
                of("b", "boolean", WideForm.TRUTH, "true", "false").key(),
                of("i2", "smallint", WideForm.NUMBER, "-32768", "32767", "0").key(),
                of("i4", "integer", WideForm.NUMBER, "-2147483648", "2147483647", "0")
                        .key(),
                of("i8", "bigint", WideForm.NUMBER, "-9223372036854775808", "9223372036854775807", "0")
                        .key(),
                of("f4", "real", WideForm.FLOATING, "3.4028235e38", "1e-45", "0.1", "16777217")
                        .key()
                        .refusedBy(MYSQLS, "'NaN'", "'Infinity'", "'-Infinity'")
                        .refusedBy(FILES, "'-0'"),
                of("f8", "double precision", WideForm.FLOATING, "1.7976931348623157e308", "5e-324", "0.1")
                        .key()
                        .refusedBy(MYSQLS, "'NaN'", "'Infinity'", "'-Infinity'")
                        .refusedBy(FILES, "'-0'"),
                of(
                                "n",
                                "numeric",
                                WideForm.TEXT,
                                "123456789012345678901234567890.123456789",
                                "-0.07",
                                "'NaN'",
                                "'-Infinity'",
                                "'Infinity'",
                                "1e400",
                                "1e-200")
                        .key()
                        .note("a key outside of PostgreSQL has no trailing zeros, so that 1.0 and 1.00 are one row"),
                of("nz", "numeric", WideForm.TEXT, "1.500", "-0.00", "0", "1e130000", "1e-16000")
                        .titled("`numeric`, zeros and extremes"),
                of("n10", "numeric(10,2)", WideForm.NUMBER, "-99999999.99", "0.01", "12.3", "0")
                        .key()
                        .refusedBy(MYSQLS_AND_H2, "'NaN'"),
                of("n65", "numeric(65,30)", WideForm.NUMBER, "-" + "9".repeat(35) + "." + "9".repeat(30), "1e-30")
                        .key()
                        .refusedBy(MYSQLS_AND_H2, "'NaN'"),
                of("n66", "numeric(66,31)", WideForm.TEXT, "9".repeat(35) + "." + "9".repeat(31))
                        .refusedBy(ONLY_H2, "'NaN'"),
                of("neg", "numeric(3,-2)", WideForm.TEXT, "12300", "-99900", "0", "'NaN'"),
                of("tiny", "numeric(2,5)", WideForm.TEXT, "0.00099", "-0.00001", "0"),
                of("big", "numeric(1000,500)", WideForm.TEXT, "1.5", "-" + "9".repeat(500)),
                of(
                                "m",
                                "money",
                                WideForm.MONEY,
                                "'$1,234.56'",
                                "'-92233720368547758.08'",
                                "'$92,233,720,368,547,758.07'",
                                "0")
                        .key());
    }

    private static List<TypeCase> texts() {
        return List.of(
                of(
                                "t",
                                "text",
                                WideForm.TEXT,
                                "''",
                                "'tä€xt 😀 '",
                                "E'a''b\\\\c\\n\\t\\u0001'",
                                "'Ab'",
                                "'ab'",
                                "'ab '")
                        .key(),
                of("tb", "text", WideForm.TEXT, BIG).titled("`text`, stored out of line"),
                of("vc", "varchar(20)", WideForm.TEXT, "''", "'it''s  '", "repeat('😀', 20)")
                        .key(),
                of("v", "varchar", WideForm.TEXT, "'NULL'", "'{\"a,b}'").key(),
                of("c", "char(5)", WideForm.PADDED, "'ab'", "''", "'12345'")
                        .key()
                        .note("with its blanks"),
                of("bp", "bpchar", WideForm.PADDED, "'ab  '", "''").key(),
                of("nm", "name", WideForm.TEXT, "'name'", "''", "repeat('n', 63)")
                        .key(),
                of("ch", "\"char\"", WideForm.TEXT, "'q'", "''", "'\\377'", "'\\'")
                        .key(),
                of(
                                "by",
                                "bytea",
                                WideForm.BYTES,
                                "'\\x00ff10275c'",
                                "''",
                                "'\\x00'",
                                "decode(repeat('00ff', 900), 'hex')")
                        .key());
    }

    private static List<TypeCase> times() {
        return List.of(
                of("d", "date", WideForm.TEMPORAL, "'0001-01-01'", "'9999-12-31'", "'1582-10-10'", "'1969-12-31'")
                        .key()
                        .refusedBy(MYSQLS_AND_H2, "'infinity'", "'-infinity'")
                        .refusedBy(MYSQLS, "'0044-03-15 BC'", "'4713-01-01 BC'", "'10000-01-01'", "'5874897-12-31'"),
                of("tm", "time", WideForm.TEMPORAL, "'00:00'", "'23:59:59.999999'")
                        .key()
                        .refusedBy(ONLY_H2, "'24:00:00'"),
                of("tm3", "time(3)", WideForm.TEMPORAL, "'01:02:03.004'"),
                of(
                                "ttz",
                                "timetz",
                                WideForm.TEXT,
                                "'12:34:56.789+05:30'",
                                "'00:00:00.000001+00'",
                                "'24:00:00-15:59:59'",
                                "'12:00+01'",
                                "'11:00+00'")
                        .key(),
                of(
                                "ts",
                                "timestamp",
                                WideForm.TEMPORAL,
                                "'0001-01-01 00:00:00.000001'",
                                "'9999-12-31 23:59:59.999999'",
                                "'2024-03-31 02:30:00.123457'",
                                "'1582-10-10 12:00'")
                        .key()
                        .refusedBy(MYSQLS_AND_H2, "'infinity'", "'-infinity'")
                        .refusedBy(
                                MYSQLS,
                                "'0044-03-15 12:00:00.5 BC'",
                                "'4714-11-24 00:00:00 BC'",
                                "'294246-12-31 23:59:59.999999'"),
                of("ts0", "timestamp(0)", WideForm.TEMPORAL, "'2024-02-29 01:02:03'"),
                of(
                                "tz",
                                "timestamptz",
                                WideForm.TEMPORAL,
                                "'2024-02-29 01:02:03.456789+13:45'",
                                "'0001-01-01 00:00:00+00'",
                                "'9999-12-31 23:59:59.999999+00'",
                                "'2024-10-27 01:30:00 America/New_York'")
                        .key()
                        .note("as UTC outside of PostgreSQL")
                        .refusedBy(MYSQLS_AND_H2, "'infinity'", "'-infinity'")
                        .refusedBy(MYSQLS, "'0044-03-15 12:00:00.5+00 BC'", "'294246-12-31 23:59:59.999999+00'"),
                of("tz3", "timestamptz(3)", WideForm.TEMPORAL, "'1883-11-18 12:00:00.123 America/New_York'"),
                of(
                                "iv",
                                "interval",
                                WideForm.TEXT,
                                "'1 year -2 mons 3 days -04:05:06.789'",
                                "'0'",
                                "'-1 day'",
                                "'1 mon -1 day +00:00:00.000001'",
                                "'-1 mon +1 day -00:00:00.5'",
                                "'-178956970 years -8 mons -2147483647 days -2562047788:00:54.775807'",
                                "'178956970 years 2562047788:00:54.775807'",
                                "'infinity'",
                                "'-infinity'")
                        .key(),
                of("ivs", "interval hour to second(2)", WideForm.TEXT, "'1 day 02:03:04.567'", "'-00:00:00.01'"));
    }

    private static List<TypeCase> bits() {
        return List.of(
                of("bi1", "bit(1)", WideForm.BITS, "B'0'", "B'1'").key(),
                of("bi", "bit(5)", WideForm.BITS, "B'00101'", "B'00000'", "B'11111'")
                        .key(),
                of("bi64", "bit(64)", WideForm.BITS, "repeat('1', 64)::bit(64)", "1::bit(64)"),
                of("bi65", "bit(65)", WideForm.TEXT, "repeat('1', 65)::bit(65)", "1::bit(65)"),
                of("vb", "bit varying", WideForm.TEXT, "B'0001'", "B''", "B'1'", "repeat('10', 40)::varbit")
                        .key(),
                of("vb9", "bit varying(9)", WideForm.TEXT, "B'000000001'", "B''"));
    }

    private static List<TypeCase> documents() {
        return List.of(
                of(
                                "u",
                                "uuid",
                                WideForm.TEXT,
                                "'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11'",
                                "'00000000-0000-0000-0000-000000000000'")
                        .key(),
                of("j", "json", WideForm.TEXT, "'{\"b\" : 1.10, \"a\":[1],  \"b\":2}'", "'null'", "'\"😀\"'", "'1e400'")
                        .note("the exact text"),
                of("jb", "jsonb", WideForm.TEXT, "'{\"b\": [1, 2.50], \"aa\": 1e400}'", "'null'", "'\"x\"'", "'{}'")
                        .key()
                        .note("JSON's `null` is not SQL's"),
                of(
                        "x",
                        "xml",
                        WideForm.TEXT,
                        "'<a>b</a>'",
                        "''",
                        "'<?xml version=\"1.0\" standalone=\"yes\"?><ä b=\"1\"/>'",
                        "'text &amp; <b/> more'"));
    }

    /** Types of the server's own that are for its insides or for searching. */
    private static List<TypeCase> system() {
        return List.of(
                of("o", "oid", WideForm.NUMBER, "4294967295", "0").key(),
                of("xid", "xid", WideForm.TEXT, "'4294967295'", "'0'"),
                of("xid8", "xid8", WideForm.TEXT, "'18446744073709551615'", "'0'")
                        .key(),
                of("cid", "cid", WideForm.TEXT, "'4294967295'"),
                of("tid", "tid", WideForm.TEXT, "'(4294967295,65535)'", "'(0,1)'")
                        .key(),
                of("txs", "txid_snapshot", WideForm.TEXT, "'10:20:10,14,15'"),
                of("pgs", "pg_snapshot", WideForm.TEXT, "'10:20:10,14,15'"),
                of("lsn", "pg_lsn", WideForm.TEXT, "'16/B374D848'", "'0/0'", "'FFFFFFFF/FFFFFFFF'")
                        .key(),
                of("rc", "regclass", WideForm.TEXT, "'pg_class'", "0").key(),
                of("rcu", "regclass", WideForm.TEXT, "'public.fence'").titled("`regclass` of a user's table"),
                of("rt", "regtype", WideForm.TEXT, "'int4'", "'mood'").key(),
                of("rp", "regproc", WideForm.TEXT, "'pg_backend_pid'"),
                of("rpp", "regprocedure", WideForm.TEXT, "'abs(int4)'"),
                of("ro", "regoper", WideForm.TEXT, "'||/'"),
                of("rop", "regoperator", WideForm.TEXT, "'+(int4,int4)'"),
                of("rr", "regrole", WideForm.TEXT, "'postgres'"),
                of("rns", "regnamespace", WideForm.TEXT, "'app'"),
                of("rcf", "regconfig", WideForm.TEXT, "'english'"),
                of("rdi", "regdictionary", WideForm.TEXT, "'simple'"),
                of("rco", "regcollation", WideForm.TEXT, "'\"C\"'"),
                of("acl", "aclitem", WideForm.TEXT, "'postgres=r/postgres'"),
                of("jp", "jsonpath", WideForm.TEXT, "'$.a[*] ? (@ > 1)'"),
                of("i2v", "int2vector", WideForm.TEXT, "'1 2 3'", "''"),
                of("ov", "oidvector", WideForm.TEXT, "'4294967295 0'").key(),
                of("rcur", "refcursor", WideForm.TEXT, "'a cursor'"),
                of("tsv", "tsvector", WideForm.TEXT, "'a fat cat'", "''", "'''it''''s'':1A,2'")
                        .key(),
                of("tsq", "tsquery", WideForm.TEXT, "'fat & (cat | !rat:A*)'", "''")
                        .key());
    }

    private static List<TypeCase> shapes() {
        return List.of(
                of("ip", "inet", WideForm.TEXT, "'192.168.0.1/24'", "'::1/64'", "'10.0.0.1'")
                        .key(),
                of("net", "cidr", WideForm.TEXT, "'10.0.0.0/8'", "'::/0'", "'10.0.0.1'")
                        .key(),
                of("mac", "macaddr", WideForm.TEXT, "'08:00:2b:01:02:03'").key(),
                of("mac8", "macaddr8", WideForm.TEXT, "'08:00:2b:01:02:03:04:05'")
                        .key(),
                of("pt", "point", WideForm.TEXT, "'(1,2.5)'", "'(-0.1,1e+20)'", "'(NaN,Infinity)'", "'(-0,5e-324)'"),
                of("ln", "line", WideForm.TEXT, "'{1,2,3}'", "'{0,-1,1e300}'"),
                of("ls", "lseg", WideForm.TEXT, "'[(0,0),(1.5,1)]'"),
                of("bx", "box", WideForm.TEXT, "'(2,2),(1,1)'"),
                of("pa", "path", WideForm.TEXT, "'((0,0),(1,1))'", "'[(0,0),(1,1)]'"),
                of("po", "polygon", WideForm.TEXT, "'((0,0),(1,1),(1,0))'"),
                of("ci", "circle", WideForm.TEXT, "'<(1,2),3>'", "'<(0,0),0>'"));
    }

    /** Beyond what a row holds: an update that leaves it alone does not send it. */
    private static final String BIG = "(SELECT string_agg(md5(g::text), 'ä') FROM generate_series(1, 900) g)";
}
