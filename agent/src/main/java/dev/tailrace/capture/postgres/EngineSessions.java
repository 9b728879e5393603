package dev.tailrace.capture.postgres;

import dev.tailrace.capture.LinkWatch;
import dev.tailrace.capture.SourceErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's side of an engine's connections, seen through another one. */
final class EngineSessions implements LinkWatch.Server {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSessions.class);

    /** The engine opens the connection that makes the slot without asking us. */
    private static final String OURS = "(pid = ANY (?) OR pid = (SELECT active_pid FROM"
            + " pg_catalog.pg_replication_slots WHERE slot_name = ?))";

    /**
     * Who waits for the client has nothing to do, nor has a sender that waits for the log to grow. One that waits for standbys
     * (from version 17 on) counts among those that wait for clients.
     */
    private static final String WORKS =
            "(state = 'active' AND (coalesce(wait_event_type, '') NOT IN ('Client', 'Activity')"
                    + " OR wait_event = 'WaitForStandbyConfirmation'))";

    private static final String WORKING = "SELECT 1 FROM pg_catalog.pg_stat_activity WHERE " + OURS + " AND " + WORKS;

    private static final String SENDER = "SELECT s.active_pid IS NOT NULL, coalesce(" + WORKS + ", false)"
            + " FROM pg_catalog.pg_replication_slots s LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid"
            + " WHERE s.slot_name = ?";

    /** Waits a moment for each, so that what it held is free. */
    private static final String END =
            "SELECT pg_catalog.pg_terminate_backend(pid, 1000) FROM pg_catalog.pg_stat_activity WHERE " + OURS;

    private final PostgresSettings settings;

    EngineSessions(PostgresSettings settings) {
        this.settings = settings;
    }

    /** The one that has our slot counts among them. */
    @Override
    public boolean isWorkingFor(Set<Long> sessions) throws SQLException {
        try (Connection connection = SourceConnections.openBriefly(settings);
                PreparedStatement query = query(connection, WORKING, sessions);
                ResultSet row = query.executeQuery()) {
            return row.next();
        }
    }

    /** What the server's process behind our slot does. */
    enum Sender {
        /** There is none. */
        NONE,
        /** It waits for us, or for the log to grow. */
        WAITS,
        /** It reads its log, or waits for others. */
        WORKS
    }

    Sender sender() throws SQLException {
        try (Connection connection = SourceConnections.openBriefly(settings);
                PreparedStatement query = connection.prepareStatement(SENDER)) {
            query.setString(1, settings.slot());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    return Sender.NONE;
                }
                return row.getBoolean(2) ? Sender.WORKS : Sender.WAITS;
            }
        }
    }

    /** Ends the server's process behind our slot. */
    void endSender() {
        end(Set.of());
    }

    /** And the one that has our slot. */
    @Override
    public void end(Set<Long> sessions) {
        try (Connection connection = SourceConnections.openBriefly(settings);
                PreparedStatement query = query(connection, END, sessions)) {
            query.execute();
        } catch (SQLException e) {
            LOG.warn(
                    "the server's side of the connections, one of them behind the slot {}, could not be ended: {}",
                    settings.slot(),
                    SourceErrors.firstLine(e));
        }
    }

    private PreparedStatement query(Connection connection, String sql, Set<Long> sessions) throws SQLException {
        PreparedStatement query = connection.prepareStatement(sql);
        query.setArray(1, connection.createArrayOf("int8", sessions.toArray()));
        query.setString(2, settings.slot());
        return query;
    }
}
