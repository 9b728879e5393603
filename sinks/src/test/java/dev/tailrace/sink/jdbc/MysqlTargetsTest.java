package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Both servers are within reach of this module's own class path: its driver, and what the test jar of the servers needs. */
@RequiresServer({RequiresServer.Kind.MYSQL, RequiresServer.Kind.MARIADB})
class MysqlTargetsTest {
    @Test
    void mysqlTakesRows() throws Exception {
        assertThat(written(TestServers.mysql())).isEqualTo("MySQL ÿ€🚲");
    }

    @Test
    void mariadbTakesRows() throws Exception {
        assertThat(written(TestServers.mariadb())).isEqualTo("MariaDB ÿ€🚲");
    }

    /** What the database says of itself, with a text that went through a table. */
    private static String written(DatabaseServer server) throws Exception {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE within_reach CHARACTER SET utf8mb4");
            statement.execute("CREATE TABLE within_reach.words (word VARCHAR(20) PRIMARY KEY)");
            statement.execute("INSERT INTO within_reach.words VALUES ('ÿ€🚲')");
            try (ResultSet rows = statement.executeQuery(
                    "SELECT IF(VERSION() LIKE '%MariaDB%', 'MariaDB', 'MySQL'), word FROM within_reach.words")) {
                assertThat(rows.next()).isTrue();
                return rows.getString(1) + " " + rows.getString(2);
            } finally {
                statement.execute("DROP DATABASE within_reach");
            }
        }
    }
}
