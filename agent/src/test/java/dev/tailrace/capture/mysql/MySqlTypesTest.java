package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.mysql.ValueEngine.Image;
import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every spelling of a type comes to the server's own name, from a statement in the log as from SHOW CREATE TABLE. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlTypesTest {
    private static final String DATABASE = "spelled";
    /** Without REAL and NCHAR VARYING and the like the server would take each of them, too. */
    private static final List<String> SPELLINGS = List.of(
            "bool",
            "boolean",
            "INTEGER",
            "integer(11) unsigned",
            "middleint",
            "int1",
            "int2",
            "int3",
            "int4",
            "int8",
            "tinyint(1)",
            "smallint(5) zerofill",
            "bigint(20) unsigned",
            "int signed",
            "dec",
            "dec(7)",
            "fixed(8,3)",
            "numeric",
            "decimal(12,4) unsigned",
            "decimal(9) zerofill",
            "double precision",
            "real",
            "float4",
            "float8",
            "float(10)",
            "float(30)",
            "float(7,4)",
            "double(12,3) unsigned",
            "float unsigned",
            "bit",
            "bit(7)",
            "character",
            "character(9)",
            "character varying(11)",
            "varcharacter(12)",
            "char varying(13)",
            "national char(4)",
            "national varchar(5)",
            "nchar(6)",
            "nvarchar(7)",
            "nchar varchar(8)",
            "national character varying(9)",
            "nchar varying(10)",
            "char(3) binary",
            "varchar(4) binary",
            "char(3) character set latin1",
            "varchar(9) collate latin1_swedish_ci",
            "varchar(9) charset gbk",
            "char(5) character set binary",
            "varchar(6) character set binary",
            "text character set binary",
            "long",
            "long varchar",
            "long varbinary",
            "text(100)",
            "text(60)",
            "text(20000)",
            "text(5000000)",
            "blob(100)",
            "blob(1000)",
            "blob(70000)",
            "blob(20000000)",
            "tinytext",
            "longtext",
            "binary",
            "binary(3)",
            "varbinary(9)",
            "tinyblob",
            "year",
            "year(4)",
            "date",
            "time",
            "time(3)",
            "datetime",
            "datetime(6)",
            "timestamp null",
            "timestamp(4) null",
            "json",
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geometrycollection",
            "geomcollection",
            "vector",
            "vector(7)",
            "enum('a','b')",
            "set('x','y')");

    @Test
    void spellingDoesNotMatter() throws Exception {
        MysqlServer server = TestServers.mysql();
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + DATABASE);
            statement.execute("CREATE DATABASE " + DATABASE);
            statement.execute("USE " + DATABASE);
            statement.execute("CREATE TABLE first (id int PRIMARY KEY)");
            statement.execute("INSERT INTO first VALUES (1)");
            Image fromLog;
            try (ValueEngine engine = engine(server)) {
                engine.next("first", "r");
                StringBuilder create = new StringBuilder("CREATE TABLE spelled (id serial");
                for (int i = 0; i < SPELLINGS.size(); i++) {
                    create.append(", c").append(i).append(' ').append(SPELLINGS.get(i));
                }
                statement.execute(create + ") DEFAULT CHARSET utf8mb4");
                statement.execute("INSERT INTO spelled (id) VALUES (1)");
                fromLog = engine.next("spelled", "c");
            }
            Image fromSnapshot;
            try (ValueEngine engine = engine(server)) {
                fromSnapshot = engine.next("spelled", "r");
            }
            List<String> differences = new ArrayList<>();
            for (String name : fromLog.columns().keySet()) {
                Column log = fromLog.columns().get(name).column();
                Column snapshot = fromSnapshot.columns().get(name).column();
                String server_ = serverSays(statement, name);
                String spelling = name.equals("id") ? "serial" : SPELLINGS.get(Integer.parseInt(name.substring(1)));
                if (!log.equals(snapshot) || !said(log).equals(server_)) {
                    differences.add(
                            spelling + ": log " + said(log) + ", snapshot " + said(snapshot) + ", server " + server_);
                }
            }
            assertThat(differences).isEmpty();
        }
    }

    private static ValueEngine engine(MysqlServer server) {
        return new ValueEngine(server, DATABASE, new ImpossibleDates(ImpossibleDates.Policy.FAIL));
    }

    private static String said(Column column) {
        return column.sourceType() + " " + column.length() + " " + column.scale()
                + (column.nullable() ? "" : " not null");
    }

    private static String serverSays(Statement statement, String name) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT data_type, column_type, character_maximum_length,"
                + " numeric_precision, numeric_scale, datetime_precision, is_nullable FROM information_schema.columns WHERE"
                + " table_schema = '" + DATABASE + "' AND table_name = 'spelled' AND column_name = '" + name + "'")) {
            result.next();
            String type = result.getString(1);
            boolean unsigned = result.getString(2).contains("unsigned");
            String numbers = switch (type) {
                case "char", "varchar", "binary", "varbinary" -> result.getLong(3) + " -1";
                case "decimal" -> result.getLong(4) + " " + result.getLong(5);
                case "bigint" -> unsigned ? "20 0" : "-1 -1";
                case "bit" -> result.getLong(4) + " -1";
                case "float", "double" ->
                    result.getObject(5) == null ? "-1 -1" : result.getLong(4) + " " + result.getLong(5);
                case "time", "datetime", "timestamp" -> result.getLong(6) + " -1";
                case "vector" -> result.getString(2).replaceAll("[^0-9]", "") + " -1";
                default -> "-1 -1";
            };
            return type + (unsigned ? " unsigned" : "") + " " + numbers
                    + (result.getString(7).equals("YES") ? "" : " not null");
        }
    }

    @Test
    void namesAreQuoted() throws Exception {
        MysqlServer server = TestServers.mysql();
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS `odd base`");
            statement.execute("CREATE DATABASE `odd base`");
            statement.execute("USE `odd base`");
            statement.execute(
                    "CREATE TABLE `tab ``le'\"ü` (`k` int PRIMARY KEY, `co``l u'\"m.nü` enum('ä') , `a b` float)");
            statement.execute("INSERT INTO `tab ``le'\"ü` VALUES (1, 'ä', 0.1)");
            try (ValueEngine engine =
                    new ValueEngine(server, "odd base", new ImpossibleDates(ImpossibleDates.Policy.FAIL))) {
                Image read = engine.nextOfAny("r");
                statement.execute("INSERT INTO `tab ``le'\"ü` VALUES (2, 'ä', 0.1)");
                Image inserted = engine.nextOfAny("c");
                for (Image image : List.of(read, inserted)) {
                    assertThat(image.value("co`l u'\"m.nü")).isEqualTo("ä");
                    assertThat(image.value("a b")).isEqualTo(0.1f);
                    assertThat(image.columns().get("a b").column().valueType()).isEqualTo(ValueType.FLOAT32);
                }
            }
        }
    }
}
