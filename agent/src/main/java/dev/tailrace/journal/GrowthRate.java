package dev.tailrace.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Bytes a second over about the last minutes: older growth fades. One thread at a time. */
public final class GrowthRate {
    private static final double FADE_SECONDS = 60;

    private final InstantSource clock;
    private Instant since;
    private long bytes;
    private double perSecond;
    private boolean known;

    public GrowthRate(InstantSource clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    public void add(long written) {
        bytes += written;
    }

    public double perSecond() {
        Instant now = clock.instant();
        double seconds = Duration.between(since, now).toMillis() / 1000.0;
        if (seconds < 0) { // the clock was set back: nobody knows how long it took
            since = now;
            bytes = 0;
        } else if (seconds >= 1) {
            double recent = bytes / seconds;
            double weight = known ? 1 - Math.exp(-seconds / FADE_SECONDS) : 1;
            perSecond += (recent - perSecond) * weight;
            known = true;
            since = now;
            bytes = 0;
        }
        return perSecond;
    }
}
