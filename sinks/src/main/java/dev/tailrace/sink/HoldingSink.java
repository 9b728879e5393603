package dev.tailrace.sink;

import dev.tailrace.event.TableId;
import java.util.List;
import java.util.Optional;

/**
 * A sink that can hold single tables back. What it holds is durable at the target before its checkpoint passes a held
 * change; {@link #write} leaves the changes of held tables out and is answered like any other write.
 *
 * <p>The pipeline keeps the journal's frames from the oldest hold on (I4). A table that is approved is handed over again,
 * alone, from its first held change to where the others are, with {@link #catchUp}; then it {@link #join joins} them.
 * Called by the pipeline's thread, and never while a write is {@link WriteResult#PENDING}.
 */
public interface HoldingSink extends CheckpointingSink {

    /** The tables held back, in order of their names. Costs nothing. */
    List<HeldTable> held();

    /** Lets a held table go on; durable when it returns. No effect on a table that is not held. */
    void approve(TableId table) throws SinkException;

    /**
     * Writes held changes of an approved table. The first batch after an opening, and after a table was approved, begins
     * behind {@link HeldTable#after}.
     *
     * @param batch with changes of this table alone
     * @return what became of it; empty when the table is held once more, for a reason that {@link #held} tells
     */
    Optional<WriteResult> catchUp(TableId table, Batch batch) throws SinkException;

    /**
     * Ends the hold: every change of the table up to that frame was handed over, and so were those of all others.
     *
     * @param upTo number of that frame
     */
    void join(TableId table, long upTo) throws SinkException;
}
