package dev.tailrace.journal;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames. One thread at a time. Nothing appended is readable, nor counts as the tail, before {@link #force}
 * returned.
 *
 * <p>Every method throws {@link JournalException}; after one that is {@linkplain JournalException#fatal() fatal} the
 * journal must be closed and opened anew, which starts a new cycle behind whatever was torn.
 */
public interface JournalAppender {

    /**
     * Writes the start marker of this epoch: an unfinished transaction or snapshot before it is aborted and will never be
     * read as a transaction (a snapshot's rows stay readable, see {@link #appendSnapshot}).
     *
     * @param source what identifies the source and the capture's settings, for the checks of the next start (I9); kept
     *     until the next marker
     */
    void start(Map<String, String> source) throws JournalException;

    /**
     * The journal's number and version for a shape of a table; a shape that differs from the newest one is journaled
     * first. Call before events of that shape are built.
     */
    default TableSchema schema(TableId table, List<Column> columns, List<Integer> key) throws JournalException {
        return schema(table, columns, key, Map.of());
    }

    /**
     * The same with what rows have that were there before a column came. It becomes durable with the shape (I7), and does
     * not make a shape another one.
     *
     * @param existing by column
     */
    TableSchema schema(TableId table, List<Column> columns, List<Integer> key, Map<String, Object> existing)
            throws JournalException;

    /**
     * Appends one or several whole transactions and the offset behind the last one in one atomic frame.
     *
     * @return the frame's sequence
     */
    long appendTransactions(List<Transaction> transactions, SourceOffset offset) throws JournalException;

    /**
     * Appends one part of a transaction too big to hold. Parts become readable when the last one is forced (I5).
     *
     * @param offset behind the transaction, with its last part only
     */
    long appendPart(Transaction part, @Nullable SourceOffset offset) throws JournalException;

    /** Gives up the parts appended since the last whole transaction, if any: the source sends that transaction again. */
    void abortParts() throws JournalException;

    /**
     * Appends rows of a snapshot (or the truncations that precede a repeated attempt). Readable as soon as forced.
     *
     * @param completed the offset behind the snapshot, with its last chunk only
     */
    long appendSnapshot(List<ChangeEvent> rows, long readMicros, @Nullable SourceOffset completed)
            throws JournalException;

    /** Appends an offset without changes: the source moved, the captured tables did not. */
    long appendOffset(SourceOffset offset, long sourceMicros) throws JournalException;

    /**
     * Appends what the source wants remembered about its schemas; it is handed back by {@link Journal#schemaHistory} and
     * kept for ever, the newest text of each key. Not readable as changes.
     *
     * @param changes by key; empty where the key is forgotten
     * @param anew whether everything remembered before is forgotten first
     * @param offset behind the change, in the same atomic frame: whoever restarts there finds just this; null while a
     *     snapshot is not complete
     */
    long appendHistory(
            Map<String, Optional<String>> changes, boolean anew, @Nullable SourceOffset offset, long sourceMicros)
            throws JournalException;

    /**
     * Makes everything appended so far survive a power loss, then lets readers see it up to the last transaction end and
     * moves the {@linkplain Journal#durableTail() durable tail} (I1, I5). Cheap when nothing was appended.
     */
    void force() throws JournalException;
}
