package dev.tailrace.pipeline;

import java.time.Instant;

/** Microseconds since 1970-01-01T00:00:00Z, as events carry them. */
final class Micros {
    private Micros() {}

    static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }
}
