package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineOptions;
import dev.tailrace.capture.SourceErrors;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.config.Finding;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.Space;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells a stream that is dead from one that has nothing to say. The engine makes a heartbeat every few seconds by itself, so
 * one that brings no record at all hangs. With each heartbeat it writes a message into the server's log, so a stream whose
 * records stay where they are gets nothing from the server: that one is dead when the server has no sender for it, or one
 * that waits whenever it is asked about; else the server is busy with a large transaction, which a new engine would only make
 * it begin again. In the middle of one row the reader neither beats nor moves; as long as bytes come, it is at work.
 *
 * <p>Called about once a second by one thread.
 */
final class StreamLife {
    /** Calls without a record, or without a move, after which it is looked into. */
    static final int PATIENCE = 60;

    /** Calls after which a reader that makes no heartbeat is in the middle of a row, or silent. */
    static final int HEARTBEAT = (int) EngineOptions.HEARTBEAT.multipliedBy(2).toSeconds();

    /** How often the server must have said that its sender waits: one that works waits for us now and then. */
    private static final int ASKS = 6;

    private final PostgresSettings settings;
    private final Journal journal;
    private final StreamPulse pulse;
    private final LongSupplier received;
    private final EngineSessions sessions;
    private final int patience;
    private long beats;
    private long bytes;
    private long place;
    private int beatless;
    private int silent;
    private int unmoved;
    private int waiting;

    /**
     * @param received bytes that the engine has got from the server
     * @param sessions the server's side
     * @param patience calls without a record, or without a move, after which it is looked into
     */
    StreamLife(
            PostgresSettings settings,
            Journal journal,
            StreamPulse pulse,
            LongSupplier received,
            EngineSessions sessions,
            int patience) {
        this.settings = settings;
        this.journal = journal;
        this.pulse = pulse;
        this.received = received;
        this.sessions = sessions;
        this.patience = patience;
    }

    /** What is wrong with the stream; empty when nothing is. */
    Optional<Finding> look() {
        // a reader that waits for its journal hears nothing, and is none the worse for it
        if (!pulse.isStreaming() || journal.space() != Space.AVAILABLE) {
            beatless = 0;
            silent = 0;
            unmoved = 0;
            return Optional.empty();
        }
        long bytesNow = received.getAsLong();
        long beatsNow = pulse.beats();
        long placeNow = pulse.place();
        beatless = beatsNow == beats ? beatless + 1 : 0;
        silent = beatsNow == beats && bytesNow == bytes ? silent + 1 : 0;
        unmoved = placeNow == place ? unmoved + 1 : 0;
        bytes = bytesNow;
        beats = beatsNow;
        place = placeNow;
        if (silent >= patience) {
            silent = 0;
            return Optional.of(SourceErrors.stuck(
                    "the engine has brought nothing for " + patience + " seconds, not even a heartbeat of its own"));
        }
        if (unmoved < patience || beatless > HEARTBEAT) {
            waiting = 0;
            return Optional.empty();
        }
        return (unmoved - patience) % Math.max(1, patience / ASKS) == 0 ? ask() : Optional.empty();
    }

    private Optional<Finding> ask() {
        try {
            switch (sessions.sender()) {
                case NONE -> {
                    return Optional.of(SourceErrors.stuck("the stream stands still at " + SourceConnections.lsn(place)
                            + ", and the server has no sender for it any more"));
                }
                case WORKS -> {
                    waiting = 0;
                    unmoved = 0;
                }
                case WAITS -> waiting++;
            }
            return waiting <= ASKS
                    ? Optional.empty()
                    : Optional.of(SourceErrors.stuck("the stream stands still at " + SourceConnections.lsn(place)
                            + ", and the server's sender only waits"));
        } catch (SQLException e) {
            return Optional.of(SourceErrors.unreachable("the stream stands still at " + SourceConnections.lsn(place)
                    + ", and the server at " + settings.host() + ":" + settings.port() + " does not answer: "
                    + SourceErrors.firstLine(e)));
        }
    }
}
