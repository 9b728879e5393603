package dev.tailrace.capture.mysql;

import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlFileUnreadableDdlTest extends MySqlUnreadableDdlContract {
    private static MysqlServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServers.newMysql("--server-id=7", "--gtid-mode=OFF");
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    MysqlServer server() {
        return server;
    }
}
