package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failed attempts in a row, logged when they begin, when their reason changes, and now and then while they last.
 * Owned by the capture's thread.
 */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
    private static final Duration REMINDER = Duration.ofMinutes(10);

    private final InstantSource clock;
    private @Nullable Instant since;
    private Instant lastLogged = Instant.EPOCH;
    private String lastCode = "";
    private int attempts;

    Outage(InstantSource clock) {
        this.clock = clock;
    }

    /** @param defect whose stack trace somebody will need, null for what happens to the best of servers */
    void failed(Finding finding, Duration pause, @Nullable Throwable defect) {
        Instant now = clock.instant();
        attempts++;
        if (since == null || !finding.code().equals(lastCode)) {
            LOG.warn(
                    "{}: {}; {}; next attempt in {} ms",
                    finding.code(),
                    finding.message(),
                    finding.remedy(),
                    pause.toMillis(),
                    defect);
            lastLogged = now;
        } else if (Duration.between(lastLogged, now).compareTo(REMINDER) >= 0) {
            long minutes = Duration.between(since, now).toMinutes();
            LOG.warn(
                    "{}: still, after {} attempts in {} min: {}", finding.code(), attempts, minutes, finding.message());
            lastLogged = now;
        }
        since = since == null ? now : since;
        lastCode = finding.code();
    }

    /** What comes next is another outage. */
    void over() {
        since = null;
        attempts = 0;
    }
}
