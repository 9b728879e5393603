package dev.tailrace.journal;

/**
 * The journal in numbers, at one moment.
 *
 * @param firstSequence oldest frame still there; 0 when empty
 * @param durableSequence newest fsynced frame
 * @param readableSequence newest frame readers may see (I5)
 * @param bytes blocks on disk, not apparent length
 * @param usableBytes what the file system has left
 * @param maximumBytes the budget
 * @param bytesPerSecond recent growth, for "hours left"
 * @param cycles number of files
 */
public record JournalStatus(
        long firstSequence,
        long durableSequence,
        long readableSequence,
        long bytes,
        long usableBytes,
        long maximumBytes,
        double bytesPerSecond,
        int cycles) {}
