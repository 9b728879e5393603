package dev.tailrace.capture.postgres;

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
 * Looks after the engine's connections, which may be dead without the engine noticing ({@link dev.tailrace.capture.LinkWatch}
 * before the stream, {@link StreamLife} in it), and after our publication: from PostgreSQL 18 on the server does not
 * fail when it is gone but silently sends nothing any more, and no server says that it was narrowed (I9).
 *
 * <p>Owned by its runner's thread. Reports once, then rests.
 */
final class PostgresWatch implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresWatch.class);

    /** Of the calls, which come about once a second. */
    private static final int LOOK_EVERY = 10;

    private final PostgresSettings settings;
    private final Supplier<Tail> tail;
    private final Supplier<Optional<Finding>> connections;
    private final Consumer<Finding> onFinding;
    private boolean reported;
    private int calls;

    /**
     * @param connections tells what is wrong with them, asked about once a second
     * @param onFinding told of what is wrong, once, by the watch's thread
     */
    PostgresWatch(
            PostgresSettings settings,
            Supplier<Tail> tail,
            Supplier<Optional<Finding>> connections,
            Consumer<Finding> onFinding) {
        this.settings = settings;
        this.tail = tail;
        this.connections = connections;
        this.onFinding = onFinding;
    }

    @Override
    public String roleName() {
        return "tailrace-postgres-watch";
    }

    @Override
    public boolean doWork() {
        if (!reported) {
            calls++;
            connections
                    .get()
                    .or(() -> calls % LOOK_EVERY == 0 ? look() : Optional.empty())
                    .ifPresent(finding -> {
                        reported = true;
                        onFinding.accept(finding);
                    });
        }
        return false;
    }

    private Optional<Finding> look() {
        try (Connection connection = SourceConnections.openToLook(settings)) {
            SourceState state = SourceReader.read(connection, settings);
            return Stream.concat(
                            GapChecks.check(settings, state, tail.get()).stream(),
                            SourceChecks.check(settings, state).stream())
                    .filter(PostgresWatch::narrows)
                    .findFirst();
        } catch (SQLException e) {
            LOG.debug("the publication cannot be looked at: {}", SourceErrors.firstLine(e));
            return Optional.empty(); // the engine notices by itself when the source is out of reach
        }
    }

    /** Not what merely cannot be extended: a table made a moment ago is captured from the next start on. */
    private static boolean narrows(Finding finding) {
        return finding.severity() == Severity.FATAL
                && finding.code().startsWith("SOURCE-PUBLICATION-")
                && !finding.code().equals("SOURCE-PUBLICATION-RIGHT");
    }
}
