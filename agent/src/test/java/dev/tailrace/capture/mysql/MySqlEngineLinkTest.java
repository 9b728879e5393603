package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineLinkContract;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlEngineLinkTest extends EngineLinkContract {
    private MySqlDatabase source;

    @BeforeEach
    void database() throws Exception {
        source = new MySqlDatabase(TestServers.mysql());
    }

    @Override
    protected int port() throws Exception {
        return TestServers.mysql().port();
    }

    @Override
    protected void run(String statement) throws SQLException {
        source.run(statement);
    }

    @Override
    protected String text() {
        return "LONGTEXT";
    }

    @Override
    protected SourceDefinition source(int port, Duration patience) {
        return source.definition(port, patience, source.name() + ".item");
    }

    /** The snapshot waits for all tables to be free for a moment. */
    @Override
    protected AutoCloseable busy() throws Exception {
        source.run("CREATE TABLE other (id INT PRIMARY KEY)");
        Connection connection = source.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLES other WRITE");
        }
        return connection;
    }
}
