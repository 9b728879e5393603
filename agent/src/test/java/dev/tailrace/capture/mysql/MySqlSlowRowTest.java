package dev.tailrace.capture.mysql;

import dev.tailrace.capture.SlowRowContract;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlSlowRowTest extends SlowRowContract {
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
}
