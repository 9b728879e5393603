package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableId;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import io.debezium.connector.mysql.antlr.MySqlAntlrDdlParser;
import io.debezium.relational.Table;
import io.debezium.relational.Tables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

@RequiresServer(RequiresServer.Kind.MYSQL)
class ServerShapeTest {
    private static final String TYPES =
            "id INT UNSIGNED AUTO_INCREMENT, b BIGINT UNSIGNED ZEROFILL, t TINYINT(1) NOT NULL"
                    + " DEFAULT 1, s SMALLINT, m MEDIUMINT, d DECIMAL(20,5) DEFAULT 1.5, n NUMERIC(7), f FLOAT, g DOUBLE UNSIGNED,"
                    + " bits BIT(5) DEFAULT b'101', y YEAR, da DATE DEFAULT (CURDATE() - INTERVAL 1 DAY), ti TIME(3), dt DATETIME(6)"
                    + " DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), ts TIMESTAMP NULL, c CHAR(5) CHARACTER SET"
                    + " latin1, v VARCHAR(40) COLLATE utf8mb4_bin NOT NULL, bi BINARY(3), vb VARBINARY(9), tt TINYTEXT, tx TEXT,"
                    + " mt MEDIUMTEXT CHARACTER SET cp1250, lt LONGTEXT, tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB, j JSON,"
                    + " e ENUM('a', 'it''s, b', 'c\\\\d', 'ü') CHARACTER SET utf8mb3, st SET('x', 'y \"z\"') NOT NULL, ve VECTOR(3),"
                    + " ge GEOMETRY, po POINT NOT NULL SRID 4326, gc GEOMETRYCOLLECTION, `odd ``name\"; DROP` INT INVISIBLE,"
                    + " gen INT AS (m + 1) STORED, vir INT AS (m + 2) VIRTUAL COMMENT 'x; y', PRIMARY KEY (v, id), KEY (id),"
                    + " INDEX ((m * 2)), CHECK (m > 0)";

    private final MySqlAntlrDdlParser parser = new MySqlAntlrDdlParser();

    private Table parsed(String statement, String database) {
        Tables tables = new Tables();
        parser.setCurrentSchema(database);
        parser.setCurrentDatabase(database);
        parser.parse(statement, tables);
        return tables.forTable(new io.debezium.relational.TableId(database, null, "typed"));
    }

    private static List<String> shape(Table table) {
        return table.columns().stream()
                .map(column -> String.join(
                        " ",
                        column.name(),
                        column.typeExpression(),
                        String.valueOf(column.jdbcType()),
                        String.valueOf(column.length()),
                        String.valueOf(column.scale().orElse(-1)),
                        String.valueOf(column.isOptional()),
                        String.valueOf(column.charsetName()),
                        String.valueOf(column.enumValues())))
                .toList();
    }

    @Test
    void saysOfEveryTypeWhatTheServersOwnStatementSays() throws Exception {
        MySqlDatabase source = new MySqlDatabase(TestServers.mysql());
        source.run("CREATE TABLE typed (" + TYPES + ")");
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement();
                ResultSet own = statement.executeQuery("SHOW CREATE TABLE typed")) {
            own.next();
            Table expected = parsed(own.getString(2), source.name());
            Table told = parsed(
                    ServerShape.read(connection, new TableId(source.name(), "typed"))
                            .orElseThrow(),
                    source.name());

            assertThat(told.columns()).hasSizeGreaterThan(35);
            assertThat(shape(told)).isEqualTo(shape(expected));
            assertThat(told.primaryKeyColumnNames())
                    .isEqualTo(expected.primaryKeyColumnNames())
                    .containsExactly("v", "id");
        }
    }

    @Test
    void saysNothingOfATableThatIsNotThere() throws Exception {
        MySqlDatabase source = new MySqlDatabase(TestServers.mysql());
        try (Connection connection = source.connect()) {
            assertThat(ServerShape.read(connection, new TableId(source.name(), "typed")))
                    .isEmpty();
            assertThat(ServerShape.read(connection, new TableId("no such", "typed")))
                    .isEmpty();
        }
    }
}
