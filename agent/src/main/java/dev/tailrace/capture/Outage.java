package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.lifecycle.Stopwatch;
import java.time.Duration;
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

    private final Stopwatch stopwatch = new Stopwatch();
    private Duration lasted = Duration.ZERO;
    private Duration unsaid = Duration.ZERO;
    private String lastCode = "";
    private int attempts;

    /** @param defect whose stack trace somebody will need, null for what happens to the best of servers */
    void failed(Finding finding, Duration pause, @Nullable Throwable defect) {
        Duration lap = stopwatch.lap();
        lasted = attempts == 0 ? Duration.ZERO : lasted.plus(lap);
        unsaid = unsaid.plus(lap);
        if (attempts++ == 0 || !finding.code().equals(lastCode)) {
            LOG.warn(
                    "{}: {}; {}; next attempt in {} ms",
                    finding.code(),
                    finding.message(),
                    finding.remedy(),
                    pause.toMillis(),
                    defect);
            unsaid = Duration.ZERO;
        } else if (unsaid.compareTo(REMINDER) >= 0) {
            LOG.warn(
                    "{}: still, after {} attempts in {} min: {}",
                    finding.code(),
                    attempts,
                    lasted.toMinutes(),
                    finding.message());
            unsaid = Duration.ZERO;
        }
        lastCode = finding.code();
    }

    /** What comes next is another outage. */
    void over() {
        attempts = 0;
    }
}
