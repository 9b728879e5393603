package dev.tailrace.capture;

import org.jspecify.annotations.Nullable;

/**
 * What the source keeps of its log for us, at one moment. What is null is unknown, or there is no such limit.
 *
 * @param state the source's own word: PostgreSQL's {@code wal_status}, MySQL's name of the file that is needed next
 * @param retainedBytes from the place that we need next to the log's end
 * @param limitBytes how much the source keeps for us at most
 * @param leftBytes how much may be written before it deletes what we need
 * @param limitSeconds how long the source keeps its log at least
 * @param leftSeconds how long it is certain to keep what we need next
 * @param bytesPerSecond the log's own growth of late, whoever causes it
 */
public record SourceLog(
        String state,
        long retainedBytes,
        @Nullable Long limitBytes,
        @Nullable Long leftBytes,
        @Nullable Long limitSeconds,
        @Nullable Long leftSeconds,
        double bytesPerSecond) {
    /** PostgreSQL: what we need is deleted with the next checkpoint, or is gone already. */
    private static final String UNRESERVED = "unreserved";

    private static final String LOST = "lost";

    /** How long the log lasts at the present rate if we read nothing of it; infinite when nothing ends it. */
    public double secondsLeft() {
        double byTime = leftSeconds == null ? Double.POSITIVE_INFINITY : leftSeconds;
        double byBytes = leftBytes == null || bytesPerSecond < 1
                ? Double.POSITIVE_INFINITY
                : Math.max(0, leftBytes) / bytesPerSecond;
        return Math.min(byTime, byBytes);
    }

    /** The part of its limit that is used up, 0 to 1; 0 when there is no limit. */
    public double used() {
        if (isLost() || isEnding()) {
            return 1;
        }
        double byTime = part(leftSeconds, limitSeconds);
        return Math.max(byTime, part(leftBytes, limitBytes));
    }

    private static double part(@Nullable Long left, @Nullable Long limit) {
        return left == null || limit == null || limit <= 0
                ? 0
                : 1 - Math.max(0, Math.min(1, left.doubleValue() / limit));
    }

    /** Whether the source may delete what we need at any moment. */
    public boolean isEnding() {
        return state.equals(UNRESERVED);
    }

    /** Whether it has deleted it. */
    public boolean isLost() {
        return state.equals(LOST);
    }
}
