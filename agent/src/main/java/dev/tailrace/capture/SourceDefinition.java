package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.journal.Tail;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configured source: all that differs between databases, behind which {@link Capture} is the same for each. Immutable but
 * for what it counts; any thread.
 */
public interface SourceDefinition {

    SourceSettings settings();

    /** What the source is, for messages: {@code postgres 127.0.0.1:5432/shop}. */
    String description();

    /**
     * Connects, looks, changes nothing, and says everything that stands between the agent and its source, each with the
     * statement that mends it.
     *
     * @param tail the end of the journal when there is one: then the gap checks (I9) are made too
     */
    List<Finding> preflight(Optional<Tail> tail);

    /**
     * Looks at the source before a start of the engine.
     *
     * @param tail what the journal needs next
     * @throws SQLException that {@link #explain} understands
     */
    SourceLook look(Tail tail) throws SQLException;

    /** A new one, for one thread. */
    LogMeter logMeter();

    /** What a failed connection or statement means. */
    Finding explain(SQLException failure);

    /**
     * How many dates that no calendar has were met since the start, by table ({@code shop.orders}); empty at a source that
     * has none. Any thread.
     */
    default Map<String, Long> zeroDates() {
        return Map.of();
    }

    /** Ends the server's process behind an engine that did not close its connection in time. Any thread. */
    void abandon();
}
