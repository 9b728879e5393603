package dev.tailrace.sink.http;

/**
 * How many requests may be on their way at the same time: as many as there are connections while all goes well. A receiver
 * that throttles (429) gets half as many, and one more after each batch that passed; one that was out of order gets one,
 * and twice as many after each. Outlives the sink, which is made anew after every failure. Any thread.
 */
final class Concurrency {
    private final int most;
    private int allowed;
    private boolean throttled;

    Concurrency(int most) {
        this.most = most;
        this.allowed = most;
    }

    synchronized int allowed() {
        return allowed;
    }

    /** The receiver asked for less. */
    synchronized void throttled() {
        throttled = true;
        allowed = Math.max(1, allowed / 2);
    }

    /** The receiver did not answer, or was out of order. */
    synchronized void broken() {
        throttled = false;
        allowed = 1;
    }

    /** A batch passed. */
    synchronized void passed() {
        allowed = Math.min(most, throttled ? allowed + 1 : allowed * 2);
    }
}
