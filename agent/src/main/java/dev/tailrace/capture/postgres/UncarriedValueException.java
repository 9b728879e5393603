package dev.tailrace.capture.postgres;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import java.util.Optional;

/** A value of the source that cannot be carried as it is: going on would change it or lose it (I7). It tells no value. */
final class UncarriedValueException extends IllegalArgumentException {
    static final String CODE = "SOURCE-VALUE";
    private static final long serialVersionUID = 1L;
    private static final int DEEPEST = 20;

    private final String subject;

    private UncarriedValueException(String subject, String message) {
        super(message);
        this.subject = subject;
    }

    /**
     * @param subject the table, where it is known
     * @param failure only its message is told, and only when it is our own: others repeat the value
     */
    static UncarriedValueException of(String subject, String column, PgType type, RuntimeException failure) {
        String why = failure.getClass() == IllegalArgumentException.class ? String.valueOf(failure.getMessage()) : "";
        return new UncarriedValueException(
                subject,
                "column " + column + " holds a value of type " + type.name() + " that cannot be carried"
                        + (why.isEmpty() ? "" : ": " + why));
    }

    /** What a failure means that has one of these as its cause, however deep. */
    static Optional<Finding> explain(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof UncarriedValueException uncarried) {
                return Optional.of(new Finding(
                        CODE,
                        uncarried.subject,
                        String.valueOf(uncarried.getMessage()),
                        "mend the row, or leave the table out of source.tables; a change that is in the log already needs a"
                                + " new snapshot",
                        Severity.FATAL));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
