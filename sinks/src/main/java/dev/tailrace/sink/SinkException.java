package dev.tailrace.sink;

import dev.tailrace.event.EventId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a batch was not written, in a form that the pipeline can act on and an operator can read. Its message holds no
 * row's values and no secret.
 */
public final class SinkException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the pipeline does about it. */
    public enum Disposition {
        /** The target or the way to it is out of order: try again for ever with back-off; others go on (I4). */
        RETRY,
        /** The target refuses this very data: retrying cannot help, other data would pass. */
        REJECT,
        /** No rule knows it: tried as often as a refused change, then as HALT. */
        UNKNOWN,
        /** Only an operator can mend it (rights, shape of a table, another agent took over): stop this pipeline. */
        HALT
    }

    private final Disposition disposition;
    private final String code;
    private final String remedy;
    private final transient List<EventId> rejected;
    private final @Nullable Duration retryAfter;

    /**
     * @param code stable, upper case with dashes, e.g. {@code JDBC-PERMISSION}; listed in docs/errors.md
     * @param message the object and what happened
     * @param remedy what to do about it, one sentence or a statement to run; empty when there is nothing to do
     * @param rejected for REJECT the changes the target named, empty when it named none
     */
    public SinkException(
            Disposition disposition,
            String code,
            String message,
            String remedy,
            List<EventId> rejected,
            @Nullable Throwable cause) {
        this(disposition, code, message, remedy, rejected, null, cause);
    }

    private SinkException(
            Disposition disposition,
            String code,
            String message,
            String remedy,
            List<EventId> rejected,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.disposition = Objects.requireNonNull(disposition, "disposition");
        this.code = Objects.requireNonNull(code, "code");
        this.remedy = Objects.requireNonNull(remedy, "remedy");
        this.rejected = List.copyOf(rejected);
        this.retryAfter = retryAfter;
    }

    public static SinkException retry(String code, String message, @Nullable Throwable cause) {
        return new SinkException(Disposition.RETRY, code, message, "", List.of(), cause);
    }

    /**
     * The same, with the changes that may be to blame as well as the target: of this batch there is nothing else left, but
     * what must not overtake them.
     */
    public SinkException suspecting(List<EventId> suspects) {
        return new SinkException(
                disposition, code, String.valueOf(getMessage()), remedy, suspects, retryAfter, getCause());
    }

    /** @param retryAfter how long the target asked to be left alone, not negative */
    public static SinkException retryAfter(
            String code, String message, Duration retryAfter, @Nullable Throwable cause) {
        return new SinkException(Disposition.RETRY, code, message, "", List.of(), retryAfter, cause);
    }

    public static SinkException reject(
            String code, String message, String remedy, List<EventId> rejected, @Nullable Throwable cause) {
        return new SinkException(Disposition.REJECT, code, message, remedy, rejected, cause);
    }

    public static SinkException halt(String code, String message, String remedy, @Nullable Throwable cause) {
        return new SinkException(Disposition.HALT, code, message, remedy, List.of(), cause);
    }

    public Disposition disposition() {
        return disposition;
    }

    public String code() {
        return code;
    }

    public String remedy() {
        return remedy;
    }

    /**
     * For REJECT: the changes the target named; empty when it did not say which. For RETRY: those that may be to blame, empty
     * when none can be.
     */
    public List<EventId> rejected() {
        return rejected;
    }

    /** For RETRY: how long the target asked to be left alone; the pipeline grants at most five minutes. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
