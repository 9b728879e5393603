package dev.tailrace.pipeline;

import dev.tailrace.journal.JournalException;
import dev.tailrace.lifecycle.Backoff;
import dev.tailrace.lifecycle.Stopwatch;
import dev.tailrace.sink.SinkException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The errors in a row of one pipeline, from going down to recovery: counted, spaced by the back-off and logged on the
 * edges, with a reminder now and then. Owned by the pipeline's thread.
 */
final class ErrorEpisode {
    private static final Duration REMINDER = Duration.ofMinutes(10);
    /** A target that asks for more is asked again after this time: it may have come back long before. */
    private static final Duration LONGEST_GRANT = Duration.ofMinutes(5);

    private final String pipeline;
    private final Backoff backoff;
    private final InstantSource clock;
    private final Logger log;
    private @Nullable Instant since;
    private Stopwatch open = new Stopwatch();
    private Stopwatch silent = new Stopwatch();

    ErrorEpisode(String pipeline, Backoff backoff, InstantSource clock, Logger log) {
        this.pipeline = pipeline;
        this.backoff = backoff;
        this.clock = clock;
        this.log = log;
    }

    /** In a row. */
    int failures() {
        return backoff.failures();
    }

    boolean isOpen() {
        return since != null;
    }

    /** Counts a failed attempt and says how long to wait before the next: the back-off, or longer when the target asked. */
    Duration failed(SinkException failure) {
        String code = failure.code();
        String message = failure.getMessage();
        Duration wait = longer(backoff.next(), failure.retryAfter().orElse(Duration.ZERO));
        if (since == null) {
            since = clock.instant();
            open = new Stopwatch();
            silent = new Stopwatch();
            log.warn("{}: {} {}; trying again until it works, next in {} ms", pipeline, code, message, wait.toMillis());
        } else if (silent.read().compareTo(REMINDER) >= 0) {
            silent = new Stopwatch();
            long seconds = open.read().toSeconds();
            log.warn("{}: still {} {}; {} errors in {} s", pipeline, code, message, backoff.failures(), seconds);
        }
        return wait;
    }

    private static Duration longer(Duration backoff, Duration asked) {
        Duration granted = asked.compareTo(LONGEST_GRANT) > 0 ? LONGEST_GRANT : asked;
        return granted.compareTo(backoff) > 0 ? granted : backoff;
    }

    void recovered() {
        if (since != null) {
            log.info(
                    "{}: recovered after {} errors, {} s",
                    pipeline,
                    backoff.failures(),
                    open.read().toSeconds());
        }
        forget();
    }

    /** Ends the episode without a word: what ended it has its own line in the log. */
    void forget() {
        since = null;
        backoff.reset();
    }

    PipelineError describe(String code, @Nullable String message, String remedy) {
        Instant from = Objects.requireNonNullElseGet(since, clock::instant);
        return new PipelineError(
                code, String.valueOf(message), remedy, Micros.of(from), Math.max(1, backoff.failures()));
    }

    /** The journal cannot be read: that halts a sink. */
    static SinkException halting(JournalException e) {
        return SinkException.halt(e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
    }
}
