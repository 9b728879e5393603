package dev.tailrace.capture.mysql;

import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;

@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlFileCaptureTest extends MySqlCaptureContract {
    @Override
    MysqlServer server() throws Exception {
        return TestServers.mysqlWithoutGtids();
    }
}
