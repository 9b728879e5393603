package dev.tailrace.capture;

import dev.tailrace.journal.Tail;
import java.sql.SQLException;
import java.util.Optional;

/** Looks at the log of a source. Remembers what it saw last; belongs to one thread. */
public interface LogMeter {

    /**
     * What one look found.
     *
     * @param log with no rate yet
     * @param writtenBytes to the log since the last look, 0 at the first
     */
    record Reading(SourceLog log, long writtenBytes) {}

    /**
     * Looks through a connection of its own that waits a few seconds at most.
     *
     * @param tail what the journal needs next
     * @return empty while the source keeps nothing for us
     */
    Optional<Reading> read(Tail tail) throws SQLException;
}
