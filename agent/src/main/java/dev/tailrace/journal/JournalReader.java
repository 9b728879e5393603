package dev.tailrace.journal;

import org.jspecify.annotations.Nullable;

/**
 * Reads frames in order, whole transactions only (I5). One thread; independent of every other reader.
 */
public interface JournalReader extends AutoCloseable {

    /**
     * The next readable frame, null when there is none at the moment. Frames of aborted transactions are passed over.
     *
     * @throws JournalException JOURNAL-CORRUPT or JOURNAL-GAP; reading never goes on silently behind a damaged frame
     */
    @Nullable
    Frame next() throws JournalException;

    /** Goes (back) to right behind the frame of that number. */
    void seek(long afterSequence) throws JournalException;

    /** Number of the last frame passed, whether returned or passed over. */
    long sequence();

    @Override
    void close();
}
