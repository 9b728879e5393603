package dev.tailrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A real MySQL is what the capture of one needs, and a crash is a crash. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MysqlServerTest {
    @Test
    void keepsWhatIsCommittedOverAKill() throws Exception {
        try (MysqlServer server = TestServers.newMysql(TestServers.GTID.toArray(String[]::new))) {
            server.start();
            int port = server.port();
            try (Connection connection = server.connect("")) {
                run(connection, "CREATE DATABASE shop", "CREATE TABLE shop.orders (id INT PRIMARY KEY)");
                run(connection, "INSERT INTO shop.orders VALUES (7)");
            }
            ProcessHandle killed = server.handle();

            server.kill();

            assertThat(killed.isAlive()).isFalse();
            assertThatThrownBy(() -> server.connect("shop")).isInstanceOf(SQLException.class);
            server.start();
            assertThat(server.port()).isEqualTo(port);
            try (Connection connection = server.connect("shop")) {
                assertThat(value(connection, "SELECT id FROM orders")).isEqualTo("7");
                assertThat(value(connection, "SELECT @@GLOBAL.gtid_executed")).endsWith(":1-3");
            }
        }
    }

    @Test
    void writesRowsToItsBinaryLog() throws Exception {
        Connection connection = TestServers.mysql().connect("");
        try (connection) {
            assertThat(value(connection, "SELECT VERSION()")).doesNotContain("MariaDB");
            assertThat(value(connection, "SELECT @@log_bin")).isEqualTo("1");
            assertThat(value(connection, "SELECT @@binlog_format")).isEqualTo("ROW");
            assertThat(value(connection, "SELECT @@gtid_mode")).isEqualTo("ON");
        }
    }

    @Test
    void startsAgainWithOtherOptions() throws Exception {
        try (MysqlServer server = TestServers.newMysql("--gtid-mode=OFF")) {
            server.start();
            try (Connection connection = server.connect("")) {
                assertThat(value(connection, "SELECT @@gtid_mode")).isEqualTo("OFF");
            }
            server.restart("--skip-log-bin");
            try (Connection connection = server.connect("")) {
                assertThat(value(connection, "SELECT @@log_bin")).isEqualTo("0");
            }
            server.restart();
            try (Connection connection = server.connect("")) {
                assertThat(value(connection, "SELECT @@log_bin")).isEqualTo("1");
            }
        }
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        try (MysqlServer server = TestServers.newMysql("--no-such-option=1")) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("unknown variable 'no-such-option=1'");
        }
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
