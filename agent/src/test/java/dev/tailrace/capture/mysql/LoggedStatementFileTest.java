package dev.tailrace.capture.mysql;

import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;

@RequiresServer(RequiresServer.Kind.MYSQL)
class LoggedStatementFileTest extends LoggedStatementContract {
    @Override
    MysqlServer server() throws Exception {
        return TestServers.mysqlWithoutGtids();
    }
}
