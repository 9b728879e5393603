package dev.tailrace.capture.mysql;

import java.util.Arrays;
import java.util.List;

/** One column of each type with its hardest values, as SQL. */
public enum ValueColumns {
    TINY("tinyint", Form.NUMBER, "-128", "127", "0"),
    TINY_U("tinyint unsigned", Form.NUMBER, "0", "255", "128"),
    BOOL_("bool", Form.NUMBER, "0", "1", "-128", "127"),
    TINY_ONE("tinyint(1)", Form.NUMBER, "5", "-1"),
    SMALL("smallint", Form.NUMBER, "-32768", "32767"),
    SMALL_U("smallint unsigned zerofill", Form.NUMBER, "0", "65535", "32768"),
    MEDIUM("mediumint", Form.NUMBER, "-8388608", "8388607"),
    MEDIUM_U("mediumint unsigned", Form.NUMBER, "0", "16777215", "8388608"),
    NORMAL("int", Form.NUMBER, "-2147483648", "2147483647"),
    NORMAL_U("int unsigned", Form.NUMBER, "0", "4294967295", "2147483648"),
    BIG("bigint", Form.NUMBER, "-9223372036854775808", "9223372036854775807", "-9223372036854775807"),
    BIG_U("bigint unsigned", Form.NUMBER, "0", "18446744073709551615", "9223372036854775808", "9223372036854775807"),
    DEC_(
            "decimal(65,30)",
            Form.NUMBER,
            "-" + "9".repeat(35) + "." + "9".repeat(30),
            "0.000000000000000000000000000001"),
    DEC_PLAIN("dec", Form.NUMBER, "-9999999999", "9999999999", "0"),
    DEC_MONEY("numeric(10,2) unsigned", Form.NUMBER, "0.01", "99999999.99", "100", "1234.5"),
    SINGLE("float", Form.DOUBLE, "3.4028234663852886e38", "1.401298464324817e-45", "0.1", "16777217", "-0.0"),
    SINGLE_P("float(24)", Form.DOUBLE, "1.17549435e-38", "123456.789"),
    SINGLE_MD("float(7,3)", Form.DOUBLE, "1234.567", "-0.001"),
    TWICE("double", Form.DOUBLE, "1.7976931348623157e308", "5e-324", "0.1", "9007199254740993", "-0.0"),
    TWICE_P("float(25)", Form.DOUBLE, "0.1", "1e23"),
    TWICE_MD("double(20,5)", Form.DOUBLE, "123456789012345.67891", "0.00001"),
    BIT_("bit", Form.BITS, "b'0'", "b'1'"),
    BIT_N("bit(9)", Form.BITS, "b'1'", "b'100000001'", "b'111111111'"),
    BIT_ALL("bit(64)", Form.BITS, "b'1'", "0xFFFFFFFFFFFFFFFF", "0x8000000000000000", "0x7FFFFFFFFFFFFFFF"),
    CHAR_("char(5)", Form.TEXT, "''", "'a  '", "'ä😀日本'"),
    CHAR_ONE("char", Form.TEXT, "'x'", "'😀'"),
    VAR_("varchar(50)", Form.TEXT, "''", "'tail  '", "'a''b\\\\c\\nd\\0e'", "'😀 ünïcode'"),
    VAR_LATIN("varchar(300) character set latin1", Form.TEXT, "''", "@latin1", "'ab12'", "'Ä€'"),
    TEXT_LATIN("text character set latin1", Form.TEXT, "''", "@latin1", "'00ff'"),
    LONG_LATIN("longtext character set latin1", Form.TEXT, "''", "@latin1"),
    CHAR_LATIN("char(255) character set latin1 collate latin1_bin", Form.TEXT, "'AB'", "unhex('81')"),
    VAR_GBK("varchar(50) character set gbk", Form.TEXT, "'中文字符'", "unhex('A892')", "''"),
    VAR_SJIS("varchar(50) character set sjis", Form.TEXT, "'日本語'", "unhex('815F')", "unhex('5C')"),
    VAR_BIG5("varchar(50) character set big5", Form.TEXT, "'繁體'", "unhex('F9D6')"),
    VAR_UJIS("varchar(50) character set ujis", Form.TEXT, "'日本語'", "unhex('8FA2B7')"),
    VAR_UCS2("varchar(50) character set ucs2", Form.TEXT, "'ä日'", "''", "unhex('FEFF0041')"),
    VAR_UTF16("varchar(50) character set utf16", Form.TEXT, "'ä😀'", "unhex('FEFF0041')"),
    VAR_UTF16LE("varchar(50) character set utf16le", Form.TEXT, "'ä😀'"),
    VAR_UTF32("varchar(50) character set utf32", Form.TEXT, "'ä😀'", "unhex('0000FEFF00000041')"),
    VAR_UTF8MB3("varchar(50) character set utf8mb3", Form.TEXT, "'ä日'", "unhex('EFBBBF41')"),
    VAR_ASCII("varchar(50) character set ascii", Form.TEXT, "'plain'"),
    VAR_KOI8R("varchar(50) character set koi8r", Form.TEXT, "'Привет'"),
    VAR_BINARY_ATTRIBUTE("varchar(50) binary", Form.TEXT, "'ÄbC'"),
    NATIONAL_("national varchar(20)", Form.TEXT, "'ä日'"),
    NCHAR_("nchar(20)", Form.TEXT, "'ä日'"),
    TINYTEXT_("tinytext", Form.TEXT, "'ä'", "''"),
    TEXT_("text", Form.TEXT, "repeat('ä😀', 10000)", "''"),
    MEDIUMTEXT_("mediumtext", Form.TEXT, "repeat('ä😀', 100000)"),
    LONGTEXT_("longtext", Form.TEXT, "'ä😀'"),
    ENUM_("enum('a','b,c','d''e','ü日','back\\\\slash','','x ')", Form.TEXT, "1", "2", "3", "4", "5", "6", "7", "0"),
    ENUM_LATIN("enum('ä','€') character set latin1", Form.TEXT, "'ä'", "'€'"),
    SET_("set('a','b''c','ü日','d\\\\e','f')", Form.TEXT, "''", "1", "2", "4", "8", "16", "31"),
    SET_ALL("set(" + members(64) + ")", Form.TEXT, "18446744073709551615", "9223372036854775808", "1", "0"),
    YEAR_("year", Form.NUMBER, "1901", "2155", "'0000'", "1970"),
    DATE_("date", Form.DATE, "'1000-01-01'", "'9999-12-31'", "'1582-10-10'", "'0001-01-01'", "'1969-12-31'"),
    TIME_("time", Form.TIME, "'-838:59:59'", "'838:59:59'", "'00:00:00'", "'-00:00:01'"),
    TIME_SIX(
            "time(6)",
            Form.TIME,
            "'-838:59:58.999999'",
            "'838:59:58.000001'",
            "'-00:00:00.000001'",
            "'12:34:56.123457'"),
    TIME_ONE("time(1)", Form.TIME, "'-00:00:00.1'", "'23:59:59.9'"),
    TIME_THREE("time(3)", Form.TIME, "'-01:02:03.001'", "'100:00:00.999'"),
    DATETIME_("datetime", Form.DATETIME, "'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'", "'2024-03-31 02:30:00'"),
    DATETIME_SIX(
            "datetime(6)",
            Form.DATETIME,
            "'0001-01-01 00:00:00.000001'",
            "'9999-12-31 23:59:59.999999'",
            "'1582-10-10 12:00:00.5'",
            "'1969-12-31 23:59:59.123457'"),
    DATETIME_THREE("datetime(3)", Form.DATETIME, "'2026-01-02 03:04:05.678'"),
    STAMP("timestamp null", Form.STAMP, "from_unixtime(1)", "from_unixtime(2147483647)"),
    STAMP_SIX("timestamp(6) null", Form.STAMP, "from_unixtime(1.000001)", "from_unixtime(2147483647.499999)"),
    STAMP_TWO("timestamp(2) null", Form.STAMP, "from_unixtime(981173106.07)"),
    BINARY_("binary(16)", Form.BYTES, "unhex('00112233445566778899AABBCCDD0000')", "''", "unhex('FF')"),
    VARBINARY_("varbinary(300)", Form.BYTES, "@latin1", "''", "unhex('0000')"),
    BLOB_("blob", Form.BYTES, "''", "@latin1"),
    MEDIUMBLOB_("mediumblob", Form.BYTES, "repeat(@latin1, 12000)"),
    VAR_NO_TEXT("varchar(20) character set binary", Form.BYTES, "unhex('8100')"),
    JSON_("json", Form.JSON, Documents.LIST),
    GEOMETRY_("geometry", Form.BYTES, "st_geomfromtext('POINT(1 2)', 4326)", "st_geomfromtext('LINESTRING(0 0,1 1)')"),
    POINT_("point", Form.BYTES, "point(1.5, -2)"),
    COLLECTION_(
            "geomcollection",
            Form.BYTES,
            "st_geomfromtext('GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,1 0,1 1,0 0)))')"),
    VECTOR_("vector(3)", Form.BYTES, "string_to_vector('[1.5,-2,0.1]')"),
    VIRTUAL_("int generated always as (NORMAL + 0) virtual", Form.NUMBER),
    STORED_("bigint generated always as (NORMAL_U + 1) stored", Form.NUMBER),
    INVISIBLE_("varchar(10) default 'unseen' invisible", Form.TEXT, "'seen'"),
    DEFAULTED("int default 7", Form.NUMBER, "null", "1");

    /** How a value is compared with what the server says. */
    public enum Form {
        NUMBER,
        DOUBLE,
        BITS,
        TEXT,
        BYTES,
        DATE,
        TIME,
        DATETIME,
        STAMP,
        JSON
    }

    public final String type;
    public final Form form;
    public final List<String> values;

    ValueColumns(String type, Form form, String... values) {
        this.type = type;
        this.form = form;
        this.values = List.of(values);
    }

    public boolean isGenerated() {
        return type.contains("generated");
    }

    /** The row of that number holds this. */
    String value(int row) {
        return row < values.size() ? values.get(row) : "null";
    }

    static int rows() {
        return Arrays.stream(values())
                        .mapToInt(column -> column.values.size())
                        .max()
                        .orElseThrow()
                + 1;
    }

    private static String members(int count) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < count; i++) {
            members.append(i == 0 ? "" : ",").append("'m").append(i).append('\'');
        }
        return members.toString();
    }

    /** JSON of all kinds. */
    private static final class Documents {
        static final String[] LIST = {
            "'null'",
            "'true'",
            "'[]'",
            "'{}'",
            "'\"ä😀 \\\\\"q\\\\\" \\\\\\\\ \\\\u0001 \\\\n /\"'",
            "'[0, 1, -1, 32767, 32768, -32769, 65536, 2147483648, 4294967296, -9223372036854775808, 18446744073709551615]'",
            "'[1.0, 0.1, -0.0, 1e100, 1.5e-10, 1e22, 123456789012345680, 5e-324, 1.7976931348623157e308, 1e15, 1e16]'",
            "'{\"bb\": 1, \"a\": {\"z\": [1, [2, {\"k\": null}]], \"\": false}, \"ü\": \"😀\"}'",
            "json_object('d', cast('2020-01-02' as date), 't', cast('-12:34:56.000001' as time(6)), 'u', cast('838:59:59' as time))",
            "json_array(cast('2020-01-02 03:04:05.6' as datetime(6)), cast(1.50 as decimal(10,2)), cast(12345678901234567890123 as"
                    + " decimal(30,0)), cast(-0.000000000000000000000000000001 as decimal(60,30)))",
            "json_array(_binary 0x00FF, b'101', cast(1 as unsigned), year('2020-01-01'))",
            "json_object('long', repeat('x', 70000), 'n', json_array(1, 2.5))",
            "json_array(1e300 * 10, 0.1 + 0.2, 1/3, 100e0, cast(1 as decimal(5,2)))"
        };
    }
}
