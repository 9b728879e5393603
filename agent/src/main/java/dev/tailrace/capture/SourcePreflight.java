package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Says everything that stands between the agent and its source, all at once, each with the statement that mends it. */
public final class SourcePreflight {
    private SourcePreflight() {}

    /**
     * Connects, looks, changes nothing.
     *
     * @param tail the end of the journal when there is one: then the gap checks (I9) are made too
     */
    public static List<Finding> check(SourceSettings settings, Optional<Tail> tail) {
        try (Connection connection = SourceConnections.open(settings)) {
            SourceState state = SourceReader.read(connection, settings);
            return tail.isPresent()
                    ? List.copyOf(StartPlan.of(settings, state, tail.get()).findings())
                    : List.copyOf(SourceChecks.check(settings, state));
        } catch (SQLException e) {
            return List.of(SourceErrors.explain(settings, e));
        }
    }
}
