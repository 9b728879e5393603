package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The agent's log of everything captured: one writer, any number of readers, sequence numbers that grow by one a frame
 * and are never used twice.
 *
 * <p>Thread-safe, except that the {@link #appender()} belongs to one thread at a time and each reader to one thread.
 */
public interface Journal extends AutoCloseable {

    /** Identity of this journal, made when its directory was first opened: a target's checkpoint names it. */
    String id();

    /** The number of this start of the agent, 1 for the first; grows at every open (I6). */
    long epoch();

    /** Random, drawn for this start: the epoch's number is the same in two copies of one data directory (I6). */
    String token();

    /**
     * The token of the start that wrote the frame of that number, empty when it had none. Known for all retained frames,
     * for the last one before them, and for numbers that were given up. Any thread.
     */
    String tokenOf(long sequence);

    /** What recovery found when the journal was opened. */
    Tail recovered();

    /**
     * The offset to restart the source from: that of the newest complete transaction, heartbeat or finished snapshot
     * <em>that is fsynced</em> (I1). Never moves back. Any thread.
     */
    Tail durableTail();

    /** The one writer. */
    JournalAppender appender();

    /**
     * A reader placed behind the frame of that number.
     *
     * @param afterSequence 0 for the oldest frame there is
     * @param tables whose changes are decoded; the others are skipped without cost
     * @throws JournalException JOURNAL-GAP when frames behind that number have been deleted already, or do not exist yet
     */
    JournalReader reader(long afterSequence, Predicate<TableId> tables) throws JournalException;

    /** The newest shape of every table seen, in order of the table's name. */
    List<TableSchema> schemas();

    /** What the source wanted remembered about its schemas, by key, as of the {@link #durableTail()}. Any thread. */
    Map<String, String> schemaHistory();

    /**
     * Says up to where a reader's target is durable. Frames that a named holder still needs are never deleted (I4); what
     * all holders have passed goes when it is older than the retention or over the budget.
     */
    void hold(String holder, long durableSequence);

    /**
     * Says that every holder there is has called {@link #hold} in this start of the agent. Before that nothing is
     * deleted, so that a sink that has not come up yet loses no frame (I4). Idempotent.
     */
    void holdersComplete();

    /** Forgets a holder, e.g. of a sink that was taken out of the configuration. */
    void unhold(String holder);

    /** Whether budget and reserve allow to append; cheap enough to ask before each batch (I4). */
    Space space();

    JournalStatus status();

    /** Forces what is appended, closes files and releases the directory's lock. Idempotent. */
    @Override
    void close();
}
