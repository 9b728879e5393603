package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The MySQL of these tests is a source: its binary log holds each committed row, before and after a crash. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MysqlSourceTest {
    @Test
    void logsRowsBeforeAndAfterACrash() throws Exception {
        try (MysqlServer server = TestServers.newMysql(TestServers.GTID.toArray(String[]::new))) {
            server.start();
            execute(server, "CREATE DATABASE shop", "CREATE TABLE shop.orders (id INT PRIMARY KEY)");
            execute(server, "INSERT INTO shop.orders VALUES (1)");
            server.kill();
            server.start();
            execute(server, "INSERT INTO shop.orders VALUES (2)");

            List<String> events = new ArrayList<>();
            for (String log : column(server, "SHOW BINARY LOGS", 1)) {
                events.addAll(column(server, "SHOW BINLOG EVENTS IN '" + log + "'", 3));
            }
            assertThat(events).filteredOn("Write_rows"::equals).hasSize(2);
            // What a graceful stop would have written.
            assertThat(events).doesNotContain("Stop");
            // Two statements of definition and two rows, each a transaction of its own.
            assertThat(events).filteredOn("Gtid"::equals).hasSize(4);
        }
    }

    private static void execute(MysqlServer server, String... statements) throws Exception {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> column(MysqlServer server, String sql, int number) throws Exception {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(number));
            }
            return values;
        }
    }
}
