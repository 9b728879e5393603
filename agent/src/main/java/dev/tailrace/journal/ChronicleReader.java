package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads up to the watermark, passes over aborted parts and decodes what is wanted. Where the writer says that nothing is,
 * all frames there are go by in one step, unread.
 */
final class ChronicleReader implements JournalReader {
    private final JournalState state;
    private final FrameWalker walker;
    private final FrameDecoder decoder;
    private final Predicate<TableId> tables;
    private final Interest interest;
    private boolean foundNothing;
    private boolean owesEnd;

    ChronicleReader(JournalState state, FrameWalker walker, FrameDecoder decoder, Predicate<TableId> tables) {
        this.state = state;
        this.walker = walker;
        this.decoder = decoder;
        this.tables = tables;
        this.interest = state.watermark.register(tables);
    }

    @Override
    public @Nullable Frame next() throws JournalException {
        refuseClosed();
        Frame passed = foundNothing ? passToEnd() : null;
        if (passed != null) {
            return passed;
        }
        // I5: the watermark is the end of a transaction that is fsynced.
        long readable = state.watermark.readable();
        RawFrame raw = walker.next(readable);
        while (raw != null && raw.kind() == Frame.Kind.PART && state.isAborted(raw.sequence())) {
            raw = walker.next(readable);
        }
        if (raw == null) {
            return null;
        }
        Frame frame = decoder.decode(raw, tables);
        foundNothing = hasNothing(frame);
        return frame;
    }

    /**
     * I2, I4: only what was fsynced in this start goes by unread, and only when none of it is wanted. All at once is a frame
     * without changes for who reads.
     */
    private @Nullable Frame passToEnd() throws JournalException {
        End end = state.end(); // before the question: what is wanted of the frames up to there has been told
        if (end.sequence() <= walker.sequence() || interest.newest() > walker.sequence()) {
            return null;
        }
        walker.passTo(end);
        return new Frame(end.sequence(), state.epoch, Frame.Kind.OFFSET, List.of(), end.position(), 0, 0);
    }

    /** Whether nothing was wanted, and no transaction is under way of which something was: its end is wanted, too. */
    private boolean hasNothing(Frame frame) {
        if (frame.kind().standsAnywhere()) {
            return !owesEnd;
        }
        if (frame.kind() != Frame.Kind.PART) {
            owesEnd = false;
            return frame.transactions().stream()
                    .allMatch(transaction -> transaction.events().isEmpty());
        }
        Transaction part = frame.transactions().get(0);
        owesEnd = !part.events().isEmpty() || (owesEnd && !part.first());
        return !owesEnd;
    }

    @Override
    public long newest() {
        return interest.newest();
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
        return state.watermark.await(interest, walker.sequence(), atMost);
    }

    @Override
    public void seek(long afterSequence) throws JournalException {
        refuseClosed();
        if (afterSequence > state.watermark.readable()) {
            throw new JournalException(
                    "JOURNAL-GAP",
                    "frame " + afterSequence + " is not in the journal, whose newest readable frame is "
                            + state.watermark.readable(),
                    "this journal lost frames or is not the one that was read before: take a new snapshot (tailrace"
                            + " snapshot)",
                    false,
                    null);
        }
        foundNothing = false;
        owesEnd = true; // it may begin within a transaction
        walker.seek(afterSequence);
    }

    private void refuseClosed() throws JournalException {
        if (state.isClosed()) {
            throw new JournalException("JOURNAL-IO", "the journal is closed", "open it again", false, null);
        }
    }

    @Override
    public long sequence() {
        return walker.sequence();
    }

    @Override
    public void close() {
        state.watermark.forget(interest);
        walker.close();
    }
}
