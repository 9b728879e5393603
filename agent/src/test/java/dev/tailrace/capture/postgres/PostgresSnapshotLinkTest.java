package dev.tailrace.capture.postgres;

import dev.tailrace.capture.LinkCutter;
import dev.tailrace.capture.SnapshotLinkContract;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;

class PostgresSnapshotLinkTest extends SnapshotLinkContract {
    /** An empty statement. */
    private static final String IS_VALID = "Q\0\0\0\5\0";

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
    }

    @Override
    protected void run(String statement) throws SQLException {
        source.run(statement);
    }

    @Override
    protected LinkCutter cutter(LinkCutter.Action action) throws Exception {
        return new LinkCutter(SourceServer.port(), "SET TRANSACTION ISOLATION LEVEL", IS_VALID, action);
    }

    @Override
    protected SourceDefinition source(int port) {
        return new PostgresSource(source.settings(port, SnapshotMode.INITIAL, "public.*"));
    }
}
