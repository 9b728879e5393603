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

    private Stopwatch open = new Stopwatch();
    private Stopwatch silent = new Stopwatch();
    private String lastCode = "";
    private int attempts;

    /** @param defect whose stack trace somebody will need, null for what happens to the best of servers */
    void failed(Finding finding, Duration pause, @Nullable Throwable defect) {
        open = attempts == 0 ? new Stopwatch() : open;
        if (attempts++ == 0 || !finding.code().equals(lastCode)) {
            LOG.warn(
                    "{}: {}; {}; next attempt in {} ms",
                    finding.code(),
                    finding.message(),
                    finding.remedy(),
                    pause.toMillis(),
                    defect);
            silent = new Stopwatch();
        } else if (silent.read().compareTo(REMINDER) >= 0) {
            LOG.warn(
                    "{}: still, after {} attempts in {} min: {}",
                    finding.code(),
                    attempts,
                    open.read().toMinutes(),
                    finding.message());
            silent = new Stopwatch();
        }
        lastCode = finding.code();
    }

    /** What comes next is another outage. */
    void over() {
        attempts = 0;
    }
}
