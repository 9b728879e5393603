package dev.tailrace.sink.http;

import dev.tailrace.event.EventId;
import dev.tailrace.sink.ErrorRules;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * From the outcome of a request to what the pipeline does about it: one table for statuses, one for broken connections.
 * Messages name the target, the number of changes and the status, never what was sent or answered.
 */
final class Failures {
    private final String target;
    private final Duration timeout;
    private final ErrorRules errors;
    private final Clock clock;

    Failures(HttpSettings settings, Clock clock) {
        this.target = settings.shownUrl();
        this.timeout = settings.timeout();
        this.errors = settings.errors();
        this.clock = clock;
    }

    /** What a status other than 2xx means; 413 for a request that cannot be made smaller. */
    SinkException ofAnswer(Exchange.Answer answer, Request request) {
        int status = answer.status();
        String message = target + " answered " + status + " to a request of "
                + request.parts().size() + " changes";
        Optional<Disposition> told = told(status);
        if (told.isPresent()) {
            return ofTold(told.get(), message, answer, request);
        }
        return switch (status) {
            case 408, 425, 500, 502, 503, 504 -> later("HTTP-UNAVAILABLE", message, answer);
            case 429 -> later("HTTP-THROTTLED", message, answer);
            case 401, 403 ->
                SinkException.halt(
                        "HTTP-PERMISSION", message, "Mend bearer-token, headers or signing-secret of this sink.", null);
            case 410 ->
                SinkException.halt(
                        "HTTP-GONE", message, "The receiver no longer exists: change url or remove this sink.", null);
            case 413 ->
                SinkException.reject(
                        "HTTP-TOO-LARGE",
                        message,
                        "Raise the receiver's limit for the size of a request.",
                        request.ids(),
                        null);
            default ->
                status >= 500
                        ? later("HTTP-UNAVAILABLE", message, answer)
                        : status >= 400
                                ? SinkException.reject(
                                        "HTTP-REJECTED",
                                        message,
                                        "See the receiver's log for what it does not accept.",
                                        request.ids(),
                                        null)
                                : SinkException.halt(
                                        "HTTP-REDIRECT",
                                        message,
                                        "Set url to the address that answers with 2xx; redirects are not followed.",
                                        null);
        };
    }

    private Optional<Disposition> told(int status) {
        return errors.of(Integer.toString(status), status / 100 + "xx");
    }

    private SinkException ofTold(Disposition told, String message, Exchange.Answer answer, Request request) {
        return switch (told) {
            case REJECT ->
                SinkException.reject(
                        "HTTP-REJECTED",
                        message,
                        "See the receiver's log for what it does not accept.",
                        request.ids(),
                        null);
            case HALT ->
                SinkException.halt(
                        "HTTP-REJECTED", message, "See the receiver's log; errors of this sink says halt.", null);
            case RETRY, UNKNOWN -> later("HTTP-UNAVAILABLE", message, answer);
        };
    }

    /** Whether another content of the request could have had another answer. */
    boolean mayBlameContent(int status) {
        return told(status)
                .map(disposition -> disposition == Disposition.REJECT)
                .orElse(
                        switch (status) {
                            case 401, 403, 408, 410, 425, 429 -> false;
                            default -> status >= 400 && status <= 500;
                        });
    }

    /**
     * What single changes mean that were refused.
     *
     * @param first the worst of their refusals; a 500 looks like a target that is out of order
     * @param othersPass whether the target took other changes meanwhile: then it is in order
     * @param allThatIsLeft whether the others of the batch were taken some time ago, or there are none
     */
    SinkException ofRefused(SinkException first, List<EventId> refused, boolean othersPass, boolean allThatIsLeft) {
        if (first.disposition() == Disposition.RETRY) {
            if (othersPass) {
                return SinkException.reject(
                        "HTTP-ERROR",
                        String.valueOf(first.getMessage()),
                        "See the receiver's log: it takes other changes and fails at these.",
                        refused,
                        null);
            }
            return allThatIsLeft ? first.suspecting(refused) : first;
        }
        return SinkException.reject(first.code(), String.valueOf(first.getMessage()), first.remedy(), refused, null);
    }

    private SinkException later(String code, String message, Exchange.Answer answer) {
        Optional<Duration> wait = answer.retryAfter().flatMap(text -> wait(text, answer.date()));
        return wait.map(duration -> SinkException.retryAfter(code, message, duration, null))
                .orElseGet(() -> SinkException.retry(code, message, null));
    }

    /** Seconds, or a date: then the time from the answer's own date, so that clocks may differ. */
    private Optional<Duration> wait(String text, Optional<String> date) {
        try {
            if (text.strip().matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())));
            }
            Instant now = date.map(Failures::instant).orElseGet(clock::instant);
            Duration wait = Duration.between(now, instant(text));
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Instant instant(String date) {
        return ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    /** Why no answer came. Always a reason to try again: the target or the way to it is out of order. */
    SinkException ofBreak(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
                return SinkException.retry(
                        "HTTP-TIMEOUT", target + " did not answer within " + timeout.toMillis() + " ms", null);
            }
            if (cause instanceof SSLException) {
                return SinkException.retry("HTTP-TLS", "no secure connection to " + target, cause);
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return SinkException.retry("HTTP-CONNECT", "the host of " + target + " is not known", null);
            }
            if (cause instanceof ConnectException) {
                return SinkException.retry("HTTP-CONNECT", target + " cannot be reached", cause);
            }
        }
        // A message of the client may quote what the target sent: only its kind is told.
        String kind = failure instanceof IOException
                ? "broke"
                : "failed with " + failure.getClass().getName();
        return SinkException.retry("HTTP-BROKEN", "the connection to " + target + " " + kind, null);
    }

    SinkException interrupted() {
        return SinkException.retry("HTTP-INTERRUPTED", "sending to " + target + " was interrupted", null);
    }

    /** The one to report when several lanes failed: what only an operator mends first, what time mends next. */
    static SinkException worse(@Nullable SinkException one, SinkException other) {
        return one == null || rank(other) < rank(one) ? other : one;
    }

    private static int rank(SinkException failure) {
        return switch (failure.disposition()) {
            case HALT -> 0;
            case RETRY, UNKNOWN -> 1;
            case REJECT -> 2;
        };
    }
}
