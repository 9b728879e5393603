package dev.tailrace.pipeline;

import java.time.Duration;

/**
 * How much a batch may hold, as a multiple of the least, behind a backlog. A target that writes the net effect of a batch in
 * the order of its keys reads and changes a page once for all rows that lie in it; so a large batch may take less time a
 * change, as with scattered updates of a large table, or may not, as with rows that are new, and then it is not worth its
 * memory. What it takes is measured: some least ones, then some of the largest that the target would take in a second, and
 * these stay for a while if they were cheaper.
 *
 * <p>One refused change costs the writing of its whole batch, and again of each half of it: so after an error batches are
 * small until a number of them went well.
 *
 * <p>Owned by the pipeline's thread; {@link #factor} is for any thread.
 */
final class BatchReach {
    /** What a large batch may take by what the small ones took. */
    private static final double BOUND_NANOS = 1e9;

    /** One that took more is followed by small ones. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    /** Batches that have to go well at first, with cold code on both sides, and after an error. */
    private static final int PROBATION = 8;

    private static final int NARROW_MEASURED = 4;
    private static final int WIDE_MEASURED = 2;

    /** Large ones that follow each other before small ones are measured again. */
    private static final int STAY = 16;

    /** The cost a change of large batches in that of small ones from which on they are worth it. */
    private static final double CHEAPER = 0.85;

    /** Small ones behind large ones that were not worth it: twice as many each time. */
    private static final int REST = 64;

    private static final int LONGEST_REST = 512;

    private final int widest;
    private volatile int factor = 1;
    private int probation = PROBATION;
    private int rest;
    private int nextRest = REST;
    private Cost narrow = new Cost();
    private Cost wide = new Cost();

    /** What some batches took. */
    private static final class Cost {
        private int batches;
        private long events;
        private long nanos;

        void add(int more, Duration time) {
            batches++;
            events += more;
            nanos += time.toNanos();
        }

        double ofChange() {
            return (double) nanos / events;
        }

        double ofBatch() {
            return (double) nanos / batches;
        }
    }

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
     * @param filled the multiple that it had filled; 0 when it held all that was there
     * @param events that it held, not 0
     * @param time by a clock that somebody may have set meanwhile
     */
    void took(int filled, int events, Duration time) {
        if (time.isNegative() || time.compareTo(SLOW) > 0) {
            begin(REST);
        } else if (filled == 0) {
            return;
        } else if (probation > 0) {
            probation--;
        } else if (factor > 1 && filled == factor) {
            wide.add(events, time);
            judge();
        } else if (factor == 1 && filled == 1) {
            rest = Math.max(0, rest - 1);
            narrow.add(events, time);
            widen();
        }
    }

    private void widen() {
        if (rest > 0 || narrow.batches < NARROW_MEASURED) {
            return;
        }
        int most = widest;
        while (most > 1 && narrow.ofBatch() * most > BOUND_NANOS) {
            most /= 2;
        }
        if (most == 1) {
            begin(REST);
        }
        factor = most;
    }

    private void judge() {
        if (wide.batches == WIDE_MEASURED) {
            if (wide.ofChange() > CHEAPER * narrow.ofChange()) {
                begin(nextRest);
                nextRest = Math.min(LONGEST_REST, 2 * nextRest);
            } else {
                nextRest = REST;
            }
        } else if (wide.batches == STAY) {
            begin(0);
        }
    }

    /** Small ones again, at least so many of them. */
    private void begin(int batches) {
        factor = 1;
        rest = batches;
        narrow = new Cost();
        wide = new Cost();
    }

    /** A batch failed. Whether it may have been larger than the next ones are. */
    boolean failed() {
        boolean wasWide = factor > 1;
        begin(0);
        probation = PROBATION;
        return wasWide;
    }
}
