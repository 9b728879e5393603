package dev.tailrace.capture;

import dev.tailrace.event.TableId;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.SourceOffset;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The source as it stands right before one start of the engine, over one connection. Owned by the supervisor's thread. */
public interface SourceLook extends AutoCloseable {

    /** How to start, decided before anything is touched. */
    StartPlan plan();

    /**
     * Mends what the agent may mend by itself, and for a snapshot gives up what the last one left at the source.
     *
     * @return what the start marker remembers of the source for the checks of the next start (I9)
     */
    Map<String, String> prepare(StartPlan.Kind kind) throws SQLException;

    /** Where ids and positions of this source belong to. */
    String source();

    /** The captured tables. */
    Set<TableId> tables();

    /** How many rows a snapshot will read; a table that cannot be told is absent. */
    Map<TableId, Long> estimates() throws SQLException;

    /**
     * For a start without a snapshot of rows: the place from which the stream is complete. Empty when the engine itself
     * has to find it, by a snapshot without rows.
     */
    Optional<SourceOffset> here(long nowMicros) throws SQLException;

    /**
     * What an engine for this start is made of.
     *
     * @param name of the engine
     * @param journal whose shapes and durable tail the engine goes on from
     */
    EngineParts engine(String name, StartPlan.Kind kind, Journal journal) throws SQLException;

    @Override
    void close() throws SQLException;
}
