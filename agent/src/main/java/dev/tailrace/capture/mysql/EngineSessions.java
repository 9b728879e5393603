package dev.tailrace.capture.mysql;

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
final class EngineSessions {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSessions.class);

    /** Who waits for the client to ask, or to read, has nothing to do; the second name is the one of older servers. */
    private static final String WORKING =
            "COMMAND <> 'Sleep' AND coalesce(STATE, '') NOT IN ('Sending to client', 'Writing to net')";

    private EngineSessions() {}

    /** Whether the server does anything for one of them. */
    static boolean isWorking(MySqlSettings settings, Set<Long> sessions) throws SQLException {
        try (Connection connection = MySqlConnections.openBriefly(settings)) {
            return find(connection, settings, WORKING).stream().anyMatch(sessions::contains);
        }
    }

    /** Ends them. */
    static void end(MySqlSettings settings, Set<Long> sessions) {
        end(settings, "TRUE", sessions);
    }

    /** Ends the connections that read the server's log for us. */
    static void endReaders(MySqlSettings settings) {
        end(settings, "COMMAND LIKE 'Binlog Dump%'", null);
    }

    private static void end(MySqlSettings settings, String which, @Nullable Set<Long> among) {
        try (Connection connection = MySqlConnections.openBriefly(settings);
                Statement statement = connection.createStatement()) {
            for (long id : find(connection, settings, which)) {
                if (among == null || among.contains(id)) {
                    statement.execute("KILL " + id);
                }
            }
        } catch (SQLException e) {
            LOG.warn("the server's side of the connections could not be ended: {}", SourceErrors.firstLine(e));
        }
    }

    private static List<Long> find(Connection connection, MySqlSettings settings, String which) throws SQLException {
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
