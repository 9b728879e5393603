package dev.tailrace.capture.postgres;

import dev.tailrace.capture.SlowRowContract;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class PostgresSlowRowTest extends SlowRowContract {
    private SourceServer source;

    /** Also the server has less patience than the row takes. */
    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run("ALTER SYSTEM SET wal_sender_timeout = '" + PATIENCE.toSeconds() + "s'", "SELECT pg_reload_conf()");
    }

    @AfterEach
    void reset() throws SQLException {
        source.run("ALTER SYSTEM RESET wal_sender_timeout", "SELECT pg_reload_conf()");
    }

    @Override
    protected int port() {
        return SourceServer.port();
    }

    @Override
    protected void run(String statement) throws SQLException {
        source.run(statement);
    }

    @Override
    protected String text() {
        return "text";
    }

    @Override
    protected SourceDefinition source(int port, Duration patience) {
        return new PostgresSource(
                source.settings(port, SnapshotMode.INITIAL, "public.item"), (int) patience.toSeconds());
    }
}
