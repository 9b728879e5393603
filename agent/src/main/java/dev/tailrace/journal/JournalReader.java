package dev.tailrace.journal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames in order, whole transactions only (I5). One thread; independent of every other reader.
 */
public interface JournalReader extends AutoCloseable {

    /**
     * The next readable frame, null when there is none at the moment. Frames of aborted transactions are passed over.
     * Several frames without a change that is wanted may come as one OFFSET frame with the number of the last of them.
     *
     * @throws JournalException JOURNAL-CORRUPT or JOURNAL-GAP; reading never goes on silently behind a damaged frame
     */
    @Nullable
    Frame next() throws JournalException;

    /**
     * Waits until a change that is wanted may be readable behind the last frame passed. Frames without one wake nobody: they
     * are passed by the next call of {@link #next}, many of them in one step.
     *
     * @return false when the time passed before
     */
    boolean await(Duration atMost) throws InterruptedException;

    /** No readable frame behind that one has a change that is wanted; it may be far ahead of what has one. Any thread. */
    long newest();

    /** Goes (back) to right behind the frame of that number. */
    void seek(long afterSequence) throws JournalException;

    /** Number of the last frame passed, whether returned or passed over. */
    long sequence();

    @Override
    void close();
}
