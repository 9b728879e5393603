package dev.tailrace.capture.postgres;

import dev.tailrace.capture.SourceErrors;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.config.Finding;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.Space;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Tells a stream that is dead from one that has nothing to say. The engine makes a heartbeat every few seconds by itself, so
 * one that brings no record at all hangs. With each heartbeat it writes a message into the server's log, so a stream whose
 * records stay where they are gets nothing from the server: that one is dead when the server knows no sender of ours, or one
 * that has not heard from us; else the server is busy with a large transaction, which a new engine would only make it begin
 * again.
 *
 * <p>Called about once a second by one thread.
 */
final class StreamLife {
    /** Calls without a record, or without a move, after which it is looked into. */
    static final int PATIENCE = 60;

    /** The engine tells the server every ten seconds that it is there. */
    private static final String SENDER =
            "SELECT s.active_pid IS NOT NULL, coalesce(extract(epoch FROM clock_timestamp() -"
                    + " r.reply_time), 0)::int8 FROM pg_catalog.pg_replication_slots s LEFT JOIN"
                    + " pg_catalog.pg_stat_replication r ON r.pid = s.active_pid WHERE s.slot_name = ?";

    private static final int QUIET_SECONDS = 60;

    private final PostgresSettings settings;
    private final Journal journal;
    private final StreamPulse pulse;
    private final int patience;
    private long beats;
    private long place;
    private int silent;
    private int unmoved;

    StreamLife(PostgresSettings settings, Journal journal, StreamPulse pulse, int patience) {
        this.settings = settings;
        this.journal = journal;
        this.pulse = pulse;
        this.patience = patience;
    }

    /** What is wrong with the stream; empty when nothing is. */
    Optional<Finding> look() {
        // a reader that waits for its journal hears nothing, and is none the worse for it
        if (!pulse.isStreaming() || journal.space() != Space.AVAILABLE) {
            silent = 0;
            unmoved = 0;
            return Optional.empty();
        }
        long beatsNow = pulse.beats();
        long placeNow = pulse.place();
        silent = beatsNow == beats ? silent + 1 : 0;
        unmoved = placeNow == place ? unmoved + 1 : 0;
        beats = beatsNow;
        place = placeNow;
        if (silent >= patience) {
            silent = 0;
            return Optional.of(SourceErrors.stuck(
                    "the engine has brought nothing for " + patience + " seconds, not even a heartbeat of its own"));
        }
        if (unmoved >= patience) {
            unmoved = 0;
            return sender();
        }
        return Optional.empty();
    }

    private Optional<Finding> sender() {
        try (Connection connection = SourceConnections.openBriefly(settings);
                PreparedStatement query = connection.prepareStatement(SENDER)) {
            query.setString(1, settings.slot());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    return Optional.of(SourceErrors.stuck("the stream stands still at " + SourceConnections.lsn(place)
                            + ", and the server has no sender for it any more"));
                }
                return row.getLong(2) < QUIET_SECONDS
                        ? Optional.empty()
                        : Optional.of(SourceErrors.stuck("the stream stands still at " + SourceConnections.lsn(place)
                                + ", and the server has not heard from this agent for " + row.getLong(2)
                                + " seconds"));
            }
        } catch (SQLException e) {
            return Optional.of(SourceErrors.unreachable("the stream stands still at " + SourceConnections.lsn(place)
                    + ", and the server at " + settings.host() + ":" + settings.port() + " does not answer: "
                    + SourceErrors.firstLine(e)));
        }
    }
}
