package dev.tailrace.journal;

import net.openhft.chronicle.core.time.TimeProvider;

/**
 * Makes Chronicle begin a new file when we say so: its clock stands still in one hour until the next file is wanted. The
 * system's clock, which may go back, plays no part.
 */
final class CycleClock implements TimeProvider {
    private static final long CYCLE_MILLIS = 3_600_000;

    private volatile int cycle;

    CycleClock(int cycle) {
        this.cycle = cycle;
    }

    int cycle() {
        return cycle;
    }

    void advance() {
        cycle = cycle + 1;
    }

    @Override
    public long currentTimeMillis() {
        return cycle * CYCLE_MILLIS;
    }
}
