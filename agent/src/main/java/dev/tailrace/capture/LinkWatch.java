package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.lifecycle.Stopwatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an engine that waits for an answer which will never come, because its connection is half open or its session gone,
 * from one whose server takes long: a first row that is sorted for, a lock that others hold. Nothing that the client can see
 * tells them apart, so the server is asked through another connection. For the time before the stream; a stream has
 * heartbeats.
 *
 * <p>Called about once a second by one thread.
 */
public final class LinkWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);

    /** How long a thread waits before the server is asked, and then how long the server must have nothing to do for it. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A server that cannot be asked for so many times the patience is out of reach: its own system has given up by then. */
    private static final int UNREACHABLE = 15;

    /** No call says more than that of the time since the one before: the whole process may have been stopped meanwhile. */
    private static final Duration LONGEST_LAP = Duration.ofSeconds(20);

    private final EngineLinks links;
    private final Server server;
    private final Duration patience;
    private final Stopwatch stopwatch = new Stopwatch();
    private Duration sinceAsked = Duration.ZERO;
    private Duration idle = Duration.ZERO;
    private Duration unasked = Duration.ZERO;

    /** Who is asked. */
    public interface Server {
        /**
         * Whether it does anything for one of these sessions: executes, waits for a lock. Not when it waits for the client
         * to ask or to read, nor when it knows none of them.
         */
        boolean isWorkingFor(Set<Long> sessions) throws SQLException;

        /** Ends them: the server would keep their locks until it gives up by itself. It has just answered. */
        void end(Set<Long> sessions);
    }

    public LinkWatch(EngineLinks links, Server server, Duration patience) {
        this.links = links;
        this.server = server;
        this.patience = patience;
    }

    /** What is wrong; empty when nothing is, or when it is too early to say. */
    public Optional<Finding> look() {
        Duration lap = stopwatch.lap();
        lap = lap.compareTo(LONGEST_LAP) < 0 ? lap : LONGEST_LAP;
        Duration waited = links.longestWait(lap);
        if (waited.compareTo(patience) < 0) {
            forget();
            return Optional.empty();
        }
        sinceAsked = sinceAsked.plus(lap);
        if (sinceAsked.compareTo(patience.dividedBy(6)) < 0) {
            return Optional.empty();
        }
        Duration before = sinceAsked;
        sinceAsked = Duration.ZERO;
        return ask(waited, before);
    }

    private void forget() {
        sinceAsked = Duration.ZERO;
        idle = Duration.ZERO;
        unasked = Duration.ZERO;
    }

    /** More than once: what the server has just sent may still be on its way. */
    private Optional<Finding> ask(Duration waited, Duration since) {
        try {
            if (server.isWorkingFor(links.sessions())) {
                forget();
                return Optional.empty();
            }
            unasked = Duration.ZERO;
            idle = idle.plus(since);
            if (idle.compareTo(patience) < 0) {
                return Optional.empty();
            }
            server.end(links.sessions());
            return Optional.of(SourceErrors.stuck("the engine has waited for an answer for " + waited.toSeconds()
                    + " seconds, and the server works on none: it waits for this agent, or the connection is gone"));
        } catch (SQLException e) {
            if (unasked.isZero()) {
                LOG.warn(
                        "the engine has waited for an answer for {} seconds, and the server cannot be asked whether one"
                                + " comes: {}",
                        waited.toSeconds(),
                        SourceErrors.firstLine(e));
            }
            unasked = unasked.plus(since);
            return unasked.compareTo(patience.multipliedBy(UNREACHABLE)) < 0
                    ? Optional.empty()
                    : Optional.of(SourceErrors.unreachable("the engine has waited for an answer for "
                            + waited.toSeconds() + " seconds, and the server does not answer to others either: "
                            + SourceErrors.firstLine(e)));
        }
    }
}
