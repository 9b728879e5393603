package dev.tailrace.capture;

import java.time.Instant;

/** Moments as microseconds since 1970-01-01T00:00:00Z. */
final class Micros {
    private Micros() {}

    /** Rounded down to the microsecond. */
    static long since1970(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }
}
