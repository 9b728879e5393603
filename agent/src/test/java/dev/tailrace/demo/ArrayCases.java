package dev.tailrace.demo;

import static dev.tailrace.demo.TypeCase.of;

import java.util.List;

/** Arrays of the types of {@link PostgresTypeCases}. */
final class ArrayCases {
    private ArrayCases() {}

    static List<TypeCase> all() {
        return List.of(
                array("ai2", "int2[]", "'{-32768,NULL}'"),
                array(
                                "ai4",
                                "int4[]",
                                "'{1,NULL,3}'",
                                "'{{1,2},{3,4}}'",
                                "'{}'",
                                "'[2:3]={7,8}'",
                                "'[0:1][-1:0]={{1,2},{NULL,4}}'")
                        .key()
                        .note(
                                "bounds that do not begin at 1 are kept: `[2:3]={7,8}`, in JSON `{\"bounds\":\"[2:3]\",\"elements\":[7,8]}`"),
                array("ai8", "int8[]", "'{-9223372036854775808,9223372036854775807}'"),
                of("af4", "float4[]", WideForm.FLOAT_ARRAY, "'{0.1,NaN,-Infinity,3.4028235e38,NULL,-0}'"),
                of("af8", "float8[]", WideForm.FLOAT_ARRAY, "'{0.1,NaN,-Infinity,5e-324,1e23}'"),
                array("an", "numeric[]", "'{1.50,NaN,NULL,Infinity,1e30}'", "'{{1.0},{2.00}}'"),
                array("an10", "numeric(10,2)[]", "'{1.5,NaN,NULL}'"),
                of("am", "money[]", WideForm.MONEY_ARRAY, "'{\"$1,234.50\",-1,NULL}'"),
                array("ab", "bool[]", "'{t,f,NULL}'"),
                array("at", "text[]", "'{\"a,b\",\"c\\\"d\",NULL,\"NULL\",\"\",😀,\"\\\\\"}'", "'[5:5]={five}'")
                        .key(),
                array("avc", "varchar(5)[]", "'{abcde,\"\"}'"),
                of("abp", "char(3)[]", WideForm.PADDED_ARRAY, "'{a,\"\",abc}'"),
                array("anm", "name[]", "'{n1,\"n 2\"}'"),
                array("ach", "\"char\"[]", "'{q,NULL}'"),
                array("aby", "bytea[]", "'{\"\\\\x00ff\",NULL,\"\"}'"),
                array("ad", "date[]", "'{0044-03-15 BC,infinity,5874897-12-31}'"),
                array("atm", "time[]", "'{24:00:00,01:02:03.5,00:00:00.000001}'"),
                array("atz", "timetz[]", "'{12:34:56.7+05:30,00:00:00+00}'"),
                array("ats", "timestamp[]", "'{2024-01-01 00:00:00.120000,-infinity,0044-03-15 12:00:00 BC}'"),
                array("atsz", "timestamptz[]", "'{2024-01-01 00:00:00.123456+05,infinity,294246-12-31 23:59:59+00}'"),
                array("aiv", "interval[]", "'{1 day,NULL,-1 mon +1 day,infinity}'"),
                array("abi", "bit(3)[]", "'{001,111}'"),
                array("avb", "varbit[]", "'{0001,1,\"\"}'"),
                array("au", "uuid[]", "'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'"),
                array("aj", "json[]", "'{\"{\\\"a\\\" : 1.0}\",null,\"null\"}'"),
                array("ajb", "jsonb[]", "'{\"{\\\"a\\\": 1.0}\",\"null\"}'"),
                array("ax", "xml[]", "'{<a/>,NULL}'"),
                array("ain", "inet[]", "'{10.0.0.1,10.0.0.1/8}'"),
                array("acd", "cidr[]", "'{10.0.0.0/8}'"),
                array("amc", "macaddr[]", "'{08:00:2b:01:02:03}'"),
                array("ae", "mood[]", "'{ok,\"😀 sad\",\"it''s, \\\"so\\\"\"}'").titled("array of an enum"),
                array("aey", "\"year\"[]", "'{leap,NULL}'").titled("array of an enum named like a type of MySQL"),
                array("ael", "lonely[]", "'{alone,\"by itself\"}'")
                        .titled("array of an enum that a PostgreSQL target lacks"),
                array("ado", "positive[]", "'{1,2}'").titled("array of a domain over `integer`"),
                array("ads", "shorter[]", "'{abc,\"\"}'").titled("array of a domain over a domain over `varchar(5)`"),
                array("ac", "pair[]", "'{\"(1,\\\"x,y\\\")\",NULL,\"(,)\"}'").titled("array of a composite"),
                array("ar", "int4range[]", "'{\"[1,5)\",empty}'"),
                array("amr", "int4multirange[]", "'{\"{[1,3),[5,8)}\"}'"),
                array("ah", "hstore[]", "'{\"a=>1\",\"\\\"b\\\"=>NULL\"}'"),
                array("aci", "citext[]", "'{Ab,NULL}'"),
                array("alt", "ltree[]", "'{Top.a}'"),
                array("atv", "tsvector[]", "'{\"''a'' ''fat'':2\"}'"),
                array("apt", "point[]", "'{\"(1,2.5)\",NULL}'"),
                array("abx", "box[]", "'{(2,2),(1,1);(4,4),(3,3);NULL}'"),
                array("ao", "oid[]", "'{4294967295,0}'"),
                array("al", "pg_lsn[]", "'{0/0}'"),
                array("arc", "regclass[]", "'{pg_class}'"),
                array("ax8", "xid8[]", "'{18446744073709551615}'"));
    }

    private static TypeCase array(String name, String type, String... values) {
        return of(name, type, WideForm.ARRAY, values);
    }
}
