package dev.tailrace.torture;

import dev.tailrace.demo.MySqlSourceServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import org.junit.jupiter.api.Test;

/** Everything at once, with MySQL as the source. {@code scripts/torture --source mysql} is the long form. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlTortureTest {
    @Test
    void endsWithNothingWrong() throws Exception {
        TortureRun.run("mysql", directory -> MySqlSourceServer.start(TestServers.mysqlHome(), directory, true));
    }
}
