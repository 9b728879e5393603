package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads up to the watermark, passes over aborted parts and decodes what is wanted. */
final class ChronicleReader implements JournalReader {
    private final JournalState state;
    private final FrameWalker walker;
    private final FrameDecoder decoder;
    private final Predicate<TableId> tables;

    ChronicleReader(JournalState state, FrameWalker walker, FrameDecoder decoder, Predicate<TableId> tables) {
        this.state = state;
        this.walker = walker;
        this.decoder = decoder;
        this.tables = tables;
    }

    @Override
    public @Nullable Frame next() throws JournalException {
        refuseClosed();
        // I5: the watermark is the end of a transaction that is fsynced.
        long readable = state.watermark.readable();
        RawFrame raw = walker.next(readable);
        while (raw != null && raw.kind() == Frame.Kind.PART && state.isAborted(raw.sequence())) {
            raw = walker.next(readable);
        }
        return raw == null ? null : decoder.decode(raw, tables);
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
        walker.close();
    }
}
