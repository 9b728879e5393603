package dev.tailrace.capture.postgres;

import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.capture.WaitingSnapshotContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

class PostgresWaitingSnapshotTest extends WaitingSnapshotContract {
    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
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
