package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineLinkContract;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class PostgresEngineLinkTest extends EngineLinkContract {
    private SourceServer source;

    /** Also the server has less patience than a large row takes. */
    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run(
                "ALTER SYSTEM SET wal_sender_timeout = '" + STREAM_PATIENCE.toSeconds() + "s'",
                "SELECT pg_reload_conf()");
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

    /** The slot waits for the end of every transaction that has written. */
    @Override
    protected AutoCloseable busy() throws Exception {
        source.run("CREATE TABLE other (id INT PRIMARY KEY)");
        Connection connection = source.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO other VALUES (1)");
        }
        return connection;
    }
}
