package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What cannot be read stops the engine; nothing behind it is delivered. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class UnreadableLogTest {
    private static final String DATABASE = "unreadable";

    @Test
    void compressedTransactionStops() throws Exception {
        MysqlServer server = TestServers.mysql();
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement()) {
            begin(statement, "(id int PRIMARY KEY)");
            try (ValueEngine engine = engine(server)) {
                engine.next("plain", "r");
                statement.execute("SET binlog_transaction_compression = ON");
                statement.execute("INSERT INTO plain VALUES (2)");
                statement.execute("SET binlog_transaction_compression = OFF");
                statement.execute("INSERT INTO plain VALUES (3)");
                assertThat(engine.failed()).hasStackTraceContaining("binlog_transaction_compression must be OFF");
            }
        }
    }

    @Test
    void bytesThatAreNoTextStop() throws Exception {
        MysqlServer server = TestServers.mysql();
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement()) {
            begin(statement, "(id int PRIMARY KEY, polish varchar(9) CHARACTER SET cp1250)");
            try (ValueEngine engine = engine(server)) {
                engine.next("plain", "r");
                // a byte of the set that has no character
                statement.execute("INSERT INTO plain VALUES (2, UNHEX('81'))");
                statement.execute("INSERT INTO plain VALUES (3, 'x')");
                assertThat(engine.failed())
                        .hasStackTraceContaining("unreadable.plain.polish")
                        .hasStackTraceContaining("no text in cp1250");
            }
        }
    }

    private static ValueEngine engine(MysqlServer server) {
        return new ValueEngine(server, DATABASE, new ImpossibleDates(ImpossibleDates.Policy.FAIL));
    }

    private static void begin(Statement statement, String columns) throws Exception {
        statement.execute("DROP DATABASE IF EXISTS " + DATABASE);
        statement.execute("CREATE DATABASE " + DATABASE);
        statement.execute("USE " + DATABASE);
        statement.execute("CREATE TABLE plain " + columns);
        statement.execute("INSERT INTO plain (id) VALUES (1)");
    }
}
