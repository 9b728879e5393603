package dev.tailrace.pipeline;

import java.time.Duration;

/**
 * How much a batch may hold, as a multiple of the least, behind a backlog. A target that writes the net effect of a batch in
 * the order of its keys reads and changes a page once for all rows that lie in it, so a large batch takes less work a change.
 * What is large is told by the time that the target takes: a slow one still commits every other second. Rows that are new
 * gain nothing, and stay in small ones.
 *
 * <p>One refused change costs the writing of its whole batch, and again of each half of it: so after an error batches are
 * small until a number of them went well, and for longer and longer where it is the large ones that fail: for their locks, or
 * a limit of the target's on transactions.
 *
 * <p>Owned by the pipeline's thread; {@link #factor} is for any thread.
 */
final class BatchReach {
    /** One that took more is followed by one of half the size. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    /**
     * A batch that took less is followed by one of twice the size, which takes less than twice the time: with less here, a
     * target would stay at small ones that would be quick with large ones.
     */
    private static final Duration QUICK = SLOW.dividedBy(2);

    /** Small batches that have to go well after an error. */
    private static final int REST = 8;

    private static final int LONGEST_REST = 512;

    private final int widest;
    private volatile int factor = 1;
    private int rest;
    private int nextRest = REST;

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
     * @param time by a clock that somebody may have set meanwhile
     */
    void took(Portion batch, Duration time) {
        if (widest == 1) {
            return;
        }
        if (time.isNegative() || time.compareTo(SLOW) > 0) {
            factor = Math.max(1, Math.min(factor, batch.reach() / 2));
        } else if (!batch.full() || batch.events() == 0 || batch.reach() != factor) {
            return; // it says nothing of batches of that size, or was read before the size changed
        } else if (batch.isMostlyNew()) {
            factor = 1;
        } else if (rest > 0) {
            rest--;
        } else if (time.compareTo(QUICK) < 0) {
            nextRest = factor == widest ? REST : nextRest;
            factor = Math.min(widest, 2 * factor);
        }
    }

    /**
     * A batch failed.
     *
     * @param large whether it might hold more than the least, and may have failed for that
     */
    void failed(boolean large) {
        factor = 1;
        rest = Math.max(rest, REST);
        if (large) {
            rest = nextRest;
            nextRest = Math.min(LONGEST_REST, 2 * nextRest);
        }
    }
}
