package dev.tailrace.capture.mysql;

import dev.tailrace.capture.LinkCutter;
import dev.tailrace.capture.SnapshotLinkContract;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;

@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlSnapshotLinkTest extends SnapshotLinkContract {
    /** A packet of one byte, COM_PING. */
    private static final String PING = "\1\0\0\0\16";

    private MySqlDatabase source;

    @BeforeEach
    void database() throws Exception {
        source = new MySqlDatabase(TestServers.mysql());
    }

    @Override
    protected void run(String statement) throws SQLException {
        source.run(statement);
    }

    @Override
    protected LinkCutter cutter(LinkCutter.Action action) throws Exception {
        return new LinkCutter(TestServers.mysql().port(), "START TRANSACTION WITH CONSISTENT SNAPSHOT", PING, action);
    }

    @Override
    protected SourceDefinition source(int port) {
        return source.definition(port, SnapshotMode.INITIAL, source.name() + ".*");
    }
}
