package dev.tailrace.capture.mysql;

import dev.tailrace.capture.SourceErrors;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.journal.Tail;
import dev.tailrace.lifecycle.Worker;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the server's log while the engine streams: a setting changed meanwhile hides changes, and a log that is
 * deleted faster than it is read has a gap before the reader reaches it (I9).
 *
 * <p>Owned by its runner's thread. Reports once, then rests.
 */
final class BinlogWatch implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(BinlogWatch.class);

    private final MySqlSettings settings;
    private final Supplier<Tail> tail;
    private final Consumer<Finding> onGap;
    private boolean reported;

    /** @param onGap told of what is wrong, once, by the watch's thread */
    BinlogWatch(MySqlSettings settings, Supplier<Tail> tail, Consumer<Finding> onGap) {
        this.settings = settings;
        this.tail = tail;
        this.onGap = onGap;
    }

    @Override
    public String roleName() {
        return "tailrace-binlog-watch";
    }

    @Override
    public boolean doWork() {
        if (!reported) {
            look().ifPresent(finding -> {
                reported = true;
                onGap.accept(finding);
            });
        }
        return false;
    }

    private Optional<Finding> look() {
        // read first: what is journaled after it only makes the log that is needed shorter
        Tail before = tail.get();
        try (Connection connection = MySqlConnections.open(settings)) {
            MySqlState state = MySqlStateReader.read(connection, settings);
            return Stream.concat(MySqlGaps.check(state, before).stream(), MySqlChecks.check(settings, state).stream())
                    .filter(finding -> finding.severity() == Severity.FATAL
                            && finding.code().startsWith("SOURCE-BINLOG-"))
                    .findFirst();
        } catch (SQLException e) {
            LOG.debug("the log cannot be looked at: {}", SourceErrors.firstLine(e));
            return Optional.empty(); // the engine notices by itself when the source is out of reach
        }
    }
}
