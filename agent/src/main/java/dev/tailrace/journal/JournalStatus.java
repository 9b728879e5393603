package dev.tailrace.journal;

/**
 * The journal in numbers, at one moment.
 *
 * @param firstSequence oldest frame still there; 0 when empty
 * @param durableSequence newest fsynced frame
 * @param readableSequence newest frame readers may see (I5)
 * @param bytes blocks on disk, not apparent length
 * @param neededBytes of them, what a sink still needs; the rest is history, which goes first when there is no room
 * @param usableBytes what the file system has left
 * @param reserveBytes what of that is left to others
 * @param maximumBytes the budget
 * @param space what capture was last told
 * @param historyCut whether history was last deleted for want of room, before its retention was over
 * @param bytesPerSecond recent growth, for "hours left"
 * @param cycles number of files
 */
public record JournalStatus(
        long firstSequence,
        long durableSequence,
        long readableSequence,
        long bytes,
        long neededBytes,
        long usableBytes,
        long reserveBytes,
        long maximumBytes,
        Space space,
        boolean historyCut,
        double bytesPerSecond,
        int cycles) {

    /** What the journal may come to, as long as the others on the file system take no more. */
    public long capacityBytes() {
        return Math.max(neededBytes, Math.min(maximumBytes, bytes + Math.max(0, usableBytes - reserveBytes)));
    }

    /**
     * How long the journal takes what comes at the present rate while nobody passes anything: history goes, then capture has
     * to wait. Infinite when nothing is written.
     */
    public double secondsLeft() {
        return bytesPerSecond < 1 ? Double.POSITIVE_INFINITY : (capacityBytes() - neededBytes) / bytesPerSecond;
    }
}
