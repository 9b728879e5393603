package dev.tailrace.capture.mysql;

import dev.tailrace.capture.LinkWatch;
import dev.tailrace.capture.SourceErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's side of an engine's connections, seen through another one. */
final class EngineSessions implements LinkWatch.Server {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSessions.class);

    /** Who waits for the client to ask, or to read, has nothing to do; the second name is the one of older servers. */
    private static final String WORKING =
            "COMMAND <> 'Sleep' AND coalesce(STATE, '') NOT IN ('Sending to client', 'Writing to net')";

    private final MySqlSettings settings;

    EngineSessions(MySqlSettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean isWorkingFor(Set<Long> sessions) throws SQLException {
        try (Connection connection = MySqlConnections.openBriefly(settings)) {
            return find(connection, WORKING).stream().anyMatch(sessions::contains);
        }
    }

    @Override
    public void end(Set<Long> sessions) {
        end("TRUE", sessions);
    }

    /** Ends the connections that read the server's log for us. */
    void endReaders() {
        end("COMMAND LIKE 'Binlog Dump%'", null);
    }

    private void end(String which, @Nullable Set<Long> among) {
        try (Connection connection = MySqlConnections.openBriefly(settings);
                Statement statement = connection.createStatement()) {
            for (long id : find(connection, which)) {
                if (among == null || among.contains(id)) {
                    statement.execute("KILL " + id);
                }
            }
        } catch (SQLException e) {
            LOG.warn("the server's side of the connections could not be ended: {}", SourceErrors.firstLine(e));
        }
    }

    private List<Long> find(Connection connection, String which) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ? AND " + which)) {
            query.setString(1, settings.user());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
        }
        return ids;
    }
}
