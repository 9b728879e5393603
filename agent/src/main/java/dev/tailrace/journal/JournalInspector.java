package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a journal from another process, beside a running agent or without one. Reads only: it locks, grows and
 * changes nothing, and shows only what is durable. One thread.
 */
public final class JournalInspector implements AutoCloseable {

    /**
     * The journal's vital facts.
     *
     * @param cycles number of files
     * @param bytes used on disk
     */
    public record Info(
            String id,
            long epoch,
            long firstSequence,
            long readableSequence,
            int cycles,
            long bytes,
            Tail tail,
            List<TableSchema> schemas) {}

    /**
     * What a whole reading found.
     *
     * @param frames that are intact
     * @param damage the first damage: file, sequence and what is wrong; null when there is none
     */
    public record Verification(
            long frames, long bytes, @Nullable String damage) {}

    private JournalInspector() {}

    /**
     * @param dataDirectory the agent's, not the journal's
     * @return empty when there is no journal yet
     * @throws JournalException JOURNAL-CORRUPT or JOURNAL-IO
     */
    public static Optional<JournalInspector> open(Path dataDirectory) throws JournalException {
        return Optional.empty();
    }

    public Info info() throws JournalException {
        throw new JournalException("JOURNAL-IO", "not there yet", "", true, null);
    }

    /**
     * Gives the last frames, oldest first.
     *
     * @param count how many at most
     */
    public void tail(int count, Predicate<TableId> tables, Consumer<Frame> to) throws JournalException {}

    /**
     * Gives the frames that became readable since the last call of {@link #tail} or this one; does not wait.
     *
     * @return whether there were any
     */
    public boolean more(Predicate<TableId> tables, Consumer<Frame> to) throws JournalException {
        return false;
    }

    /** Reads every frame: checksums and continuity. */
    public Verification verify() throws JournalException {
        throw new JournalException("JOURNAL-IO", "not there yet", "", true, null);
    }

    @Override
    public void close() {}
}
