package dev.tailrace.server;

import static dev.tailrace.server.MysqlServerTest.run;
import static dev.tailrace.server.MysqlServerTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A real MariaDB starts, takes rows through MySQL's driver and stops. */
@RequiresServer(RequiresServer.Kind.MARIADB)
class MariadbServerTest {
    @Test
    void keepsRowsUntilTheNextStart() throws Exception {
        try (MariadbServer server = TestServers.newMariadb()) {
            server.start();
            try (Connection connection = server.connect("")) {
                assertThat(value(connection, "SELECT VERSION()")).contains("MariaDB");
                run(connection, "CREATE DATABASE target", "CREATE TABLE target.orders (id INT PRIMARY KEY)");
                run(connection, "INSERT INTO target.orders VALUES (7)");
            }

            server.stop();

            assertThatThrownBy(() -> server.connect("target")).isInstanceOf(SQLException.class);
            server.start();
            try (Connection connection = server.connect("target")) {
                run(connection, "INSERT INTO orders VALUES (8)");
            }
            server.kill();
            server.start();
            try (Connection connection = server.connect("target")) {
                assertThat(value(connection, "SELECT GROUP_CONCAT(id) FROM orders"))
                        .isEqualTo("7,8");
            }
        }
    }
}
