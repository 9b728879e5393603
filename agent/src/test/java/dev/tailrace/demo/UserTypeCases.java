package dev.tailrace.demo;

import static dev.tailrace.demo.TypeCase.of;

import java.util.List;
import java.util.stream.Stream;

/** Enums, domains, composites, ranges, and the types of extensions that come with PostgreSQL. */
final class UserTypeCases {
    private UserTypeCases() {}

    /** What the source and the PostgreSQL target have. */
    static List<String> preparations() {
        return List.of(
                "CREATE SCHEMA app",
                "CREATE SCHEMA ext",
                "CREATE EXTENSION citext",
                "CREATE EXTENSION ltree",
                "CREATE EXTENSION cube",
                "CREATE EXTENSION seg",
                "CREATE EXTENSION isn",
                "CREATE TYPE mood AS ENUM ('ok', '😀 sad', 'it''s, \"so\"')",
                "CREATE TYPE \"year\" AS ENUM ('leap', 'common')",
                "CREATE TYPE app.mood AS ENUM ('app''s own')",
                "CREATE TYPE app.\"Set.of\" AS ENUM ('one', 'two')",
                "CREATE DOMAIN positive AS int4 CHECK (value > 0)",
                "CREATE DOMAIN short AS varchar(5)",
                "CREATE DOMAIN shorter AS short CHECK (length(value) < 4)",
                "CREATE DOMAIN price AS numeric(8,3)",
                "CREATE DOMAIN few AS int4[] CHECK (array_length(value, 1) < 4)",
                "CREATE DOMAIN feeling AS mood",
                "CREATE TYPE empty_enum AS ENUM ()",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE TYPE nest AS (p pair, list int4[], d positive, t timestamptz)",
                "CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi)");
    }

    /** What the target lacks, or has elsewhere. */
    static List<String> sourceOnly() {
        return List.of(
                "CREATE EXTENSION hstore",
                "CREATE TYPE lonely AS ENUM ('alone', 'by itself')",
                "CREATE TYPE lone_pair AS (a int, b text)");
    }

    static List<String> targetOnly() {
        return List.of("CREATE EXTENSION hstore SCHEMA ext", "ALTER DATABASE %s SET search_path = public, ext");
    }

    static List<TypeCase> all() {
        return Stream.of(own(), ranges(), extensions()).flatMap(List::stream).toList();
    }

    private static List<TypeCase> own() {
        return List.of(
                of("e", "mood", WideForm.TEXT, "'ok'", "'😀 sad'", "'it''s, \"so\"'")
                        .key()
                        .titled("enum"),
                of("ey", "\"year\"", WideForm.TEXT, "'leap'", "'common'")
                        .key()
                        .titled("enum named like a type of MySQL"),
                of("eap", "app.mood", WideForm.TEXT, "'app''s own'")
                        .titled("enum of another schema, with a name that the table's has too"),
                of("eas", "app.\"Set.of\"", WideForm.TEXT, "'one'", "'two'")
                        .key()
                        .titled("enum whose name needs quotes"),
                of("el", "lonely", WideForm.TEXT, "'alone'", "'by itself'")
                        .key()
                        .titled("enum that a PostgreSQL target lacks"),
                of("dom", "positive", WideForm.NUMBER, "5", "2147483647").key().titled("domain over `integer`"),
                of("dos", "shorter", WideForm.TEXT, "'abc'", "''")
                        .key()
                        .titled("domain over a domain over `varchar(5)`"),
                of("dop", "price", WideForm.NUMBER, "99999.999", "-0.001").key().titled("domain over `numeric(8,3)`"),
                of("doa", "few", WideForm.ARRAY, "'{1,NULL,3}'", "'{}'").titled("domain over `integer[]`"),
                of("doe", "feeling", WideForm.TEXT, "'ok'", "'😀 sad'").key().titled("domain over an enum"),
                of("comp", "pair", WideForm.TEXT, "ROW(1,'x,\"y')", "ROW(NULL,NULL)", "ROW(2,'')")
                        .key()
                        .titled("composite"),
                of(
                                "nest",
                                "nest",
                                WideForm.TEXT,
                                "ROW(ROW(1,'(a,\"b\\'), '{1,NULL}', 3, '2024-02-29 01:02:03.5+00')",
                                "ROW(NULL,NULL,NULL,NULL)")
                        .titled("composite of composites, arrays and domains"),
                of("lp", "lone_pair", WideForm.TEXT, "ROW(1,'x,\"y')", "ROW(NULL,NULL)")
                        .titled("composite that a PostgreSQL target lacks"));
    }

    private static List<TypeCase> ranges() {
        return List.of(
                of("r4", "int4range", WideForm.TEXT, "'[1,5)'", "'empty'", "'(,)'")
                        .key(),
                of("r8", "int8range", WideForm.TEXT, "'[1,9223372036854775807)'", "'(,0)'")
                        .key(),
                of("rn", "numrange", WideForm.TEXT, "'[1.50,)'", "'(1.5,NaN]'", "'empty'")
                        .key(),
                of(
                                "rts",
                                "tsrange",
                                WideForm.TEXT,
                                "'[2020-01-01,2020-02-01)'",
                                "'[-infinity,infinity]'",
                                "'(0044-03-15 BC,)'")
                        .key(),
                of("rtz", "tstzrange", WideForm.TEXT, "'[2020-01-01 00:00+05,)'", "'(,infinity)'")
                        .key(),
                of("rd", "daterange", WideForm.TEXT, "'[,2020-02-01)'", "'[2020-01-01,infinity)'")
                        .key(),
                of("rf", "floatrange", WideForm.TEXT, "'[0.1,1e300)'", "'(-Infinity,NaN]'")
                        .key()
                        .titled("user's range"),
                of("mr4", "int4multirange", WideForm.TEXT, "'{[1,3),[5,8)}'", "'{}'", "'{(,)}'")
                        .key(),
                of("mr8", "int8multirange", WideForm.TEXT, "'{[1,3),[5,)}'", "'{}'")
                        .key(),
                of("mrn", "nummultirange", WideForm.TEXT, "'{[1.50,2)}'", "'{}'")
                        .key(),
                of("mrs", "tsmultirange", WideForm.TEXT, "'{[2020-01-01,2020-02-01),[2021-01-01,)}'", "'{}'")
                        .key(),
                of("mrz", "tstzmultirange", WideForm.TEXT, "'{[2020-01-01 00:00+05,)}'", "'{}'")
                        .key(),
                of("mrd", "datemultirange", WideForm.TEXT, "'{[2020-01-01,2020-02-01)}'", "'{}'")
                        .key(),
                of("mrf", "floatmultirange", WideForm.TEXT, "'{[0.1,1e300)}'", "'{}'")
                        .key()
                        .titled("user's multirange"));
    }

    private static List<TypeCase> extensions() {
        return List.of(
                of("h", "hstore", WideForm.TEXT, "'a=>1, \"b c\"=>NULL, d=>\"q\\\"x\"'", "''")
                        .key()
                        .titled("`hstore`, in another schema at a PostgreSQL target"),
                of("cit", "citext", WideForm.TEXT, "'Ab'", "'ä 😀'", "''").key(),
                of("lt", "ltree", WideForm.TEXT, "'Top.Science.a_1'", "''").key(),
                of("lq", "lquery", WideForm.TEXT, "'*.a|b.!c@*'"),
                of("ltx", "ltxtquery", WideForm.TEXT, "'a & b*@'"),
                of("cu", "cube", WideForm.TEXT, "'(1,2.5),(3,4)'", "'(0.1)'").key(),
                of("sg", "seg", WideForm.TEXT, "'1.50 .. 2'", "'~3'", "'<4'").key(),
                of("isbn", "isbn", WideForm.TEXT, "'0-393-04002-X'").key(),
                of("ean", "ean13", WideForm.TEXT, "'0220356483481'").key());
    }
}
