package dev.tailrace.pipeline;

import java.time.Duration;

/**
 * How much a batch may hold, as a multiple of the least. A target that writes the net effect of a batch in the order of its
 * keys reads and changes a page once for all rows that lie in it, so it takes a large batch with less work a change; what is
 * large is told by the time that the target takes, so that a slow one still commits every other second.
 *
 * <p>One refused change costs the writing of its whole batch, and again for each half of it: so after an error batches are
 * small until a number of them went well.
 *
 * <p>Owned by the pipeline's thread; {@link #factor} is for any thread.
 */
final class BatchReach {
    /** A batch that took less may be followed by one of twice the size. */
    private static final Duration QUICK = Duration.ofMillis(500);

    /** One that took more is followed by one of half the size. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    /** Batches that have to go well after an error. */
    private static final int PROBATION = 8;

    private final int widest;
    private volatile int factor = 1;
    private int probation;

    /** @param widest the largest multiple; 1 for batches that are always of the same size */
    BatchReach(int widest) {
        this.widest = widest;
    }

    /** The multiple. */
    int factor() {
        return factor;
    }

    /**
     * A batch is durable at the target.
     *
     * @param full whether it held as much as it may
     */
    void took(boolean full, Duration time) {
        if (time.compareTo(SLOW) > 0) {
            factor = Math.max(1, factor / 2);
        } else if (full && probation > 0) {
            probation--;
        } else if (full && time.compareTo(QUICK) < 0) {
            factor = Math.min(widest, 2 * factor);
        }
    }

    /** A batch failed. Whether it may have been larger than the next ones are. */
    boolean failed() {
        boolean wide = factor > 1;
        factor = 1;
        probation = PROBATION;
        return wide;
    }
}
