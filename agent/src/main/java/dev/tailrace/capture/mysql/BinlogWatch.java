package dev.tailrace.capture.mysql;

import dev.tailrace.capture.LinkWatch;
import dev.tailrace.capture.SourceErrors;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Space;
import dev.tailrace.journal.Tail;
import dev.tailrace.lifecycle.Stopwatch;
import dev.tailrace.lifecycle.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the engine's connections before the stream, where they may be half open ({@link LinkWatch}); after the stream,
 * which the engine takes for alive when the server has closed it or does not answer any more; and after the server's log: a
 * setting changed meanwhile hides changes, and a log that is deleted faster than it is read has a gap before the reader
 * reaches it (I9).
 *
 * <p>Owned by its runner's thread. Reports once, then rests.
 */
final class BinlogWatch implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(BinlogWatch.class);

    /** Of the calls, which come about once a second. */
    private static final int LOOK_EVERY = 10;

    /** No call says more than that of the time since the one before: the whole process may have been stopped meanwhile. */
    private static final Duration LONGEST_LAP = Duration.ofSeconds(20);

    private final MySqlSettings settings;
    private final Journal journal;
    private final StreamPulse pulse;
    private final LinkWatch links;
    private final LongSupplier received;
    private final Duration patience;
    private final Optional<SourceOffset> givenUp;
    private final Consumer<Finding> onFinding;
    private final Stopwatch stopwatch = new Stopwatch();
    private boolean reported;
    private int calls;
    private long beats;
    private long bytes;
    private Duration silent = Duration.ZERO;

    /**
     * @param received bytes that the engine has got from the server
     * @param patience with a stream that brings nothing; the server sends a heartbeat every four seconds when it has nothing
     *     else to send
     * @param givenUp the journal's end where a snapshot passes over what is behind it
     * @param onFinding told of what is wrong, once, by the watch's thread
     */
    BinlogWatch(
            MySqlSettings settings,
            Journal journal,
            StreamPulse pulse,
            LinkWatch links,
            LongSupplier received,
            Duration patience,
            Optional<SourceOffset> givenUp,
            Consumer<Finding> onFinding) {
        this.settings = settings;
        this.journal = journal;
        this.pulse = pulse;
        this.links = links;
        this.received = received;
        this.patience = patience;
        this.givenUp = givenUp;
        this.onFinding = onFinding;
    }

    @Override
    public String roleName() {
        return "tailrace-binlog-watch";
    }

    @Override
    public boolean doWork() {
        if (!reported) {
            calls++;
            connections()
                    .or(() -> calls % LOOK_EVERY == 0 ? look() : Optional.empty())
                    .ifPresent(finding -> {
                        reported = true;
                        onFinding.accept(finding);
                    });
        }
        return false;
    }

    private Optional<Finding> connections() {
        return pulse.isStreaming() || pulse.isLost() ? stream() : links.look();
    }

    private Optional<Finding> stream() {
        if (pulse.isLost()) {
            return Optional.of(SourceErrors.unreachable(
                    "the server at " + settings.where() + " has ended the connection to its log"));
        }
        long now = pulse.beats();
        long bytesNow = received.getAsLong(); // a large row is a record when its last byte has come
        // a call takes longer when the server does not answer to the looks at it either
        Duration lap = stopwatch.lap();
        // a reader that waits for its journal hears nothing, and is none the worse for it
        silent = now != beats || bytesNow != bytes || journal.space() != Space.AVAILABLE
                ? Duration.ZERO
                : silent.plus(lap.compareTo(LONGEST_LAP) < 0 ? lap : LONGEST_LAP);
        beats = now;
        bytes = bytesNow;
        return silent.compareTo(patience) >= 0
                ? Optional.of(SourceErrors.stuck("nothing has come from the server at " + settings.where() + " for "
                        + silent.toSeconds() + " seconds, not even a heartbeat"))
                : Optional.empty();
    }

    private Optional<Finding> look() {
        // read first: what is journaled after it only makes the log that is needed shorter
        Tail before = journal.durableTail();
        try (Connection connection = MySqlConnections.openToLook(settings)) {
            MySqlState state = MySqlStateReader.read(connection, settings);
            boolean needed = givenUp.isEmpty() || !givenUp.equals(before.offset());
            List<Finding> gaps = needed ? MySqlGaps.check(state, before) : List.of();
            return Stream.concat(gaps.stream(), MySqlChecks.check(settings, state).stream())
                    .filter(finding -> finding.severity() == Severity.FATAL
                            && finding.code().startsWith("SOURCE-BINLOG-"))
                    .findFirst();
        } catch (SQLException e) {
            LOG.debug("the log cannot be looked at: {}", SourceErrors.firstLine(e));
            return Optional.empty(); // the engine notices by itself when the source is out of reach
        }
    }
}
