package dev.tailrace.capture.mysql;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import java.io.IOException;
import java.util.Optional;

/** An event of the log in a form that is not read: going on behind it would lose its changes (I9). */
final class RefusedEventException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int DEEPEST = 20;

    private final String code;
    private final String subject;
    private final String remedy;

    /**
     * @param subject what it is about: the source, or a table
     * @param remedy what to do
     */
    RefusedEventException(String code, String subject, String message, String remedy) {
        super(message);
        this.code = code;
        this.subject = subject;
        this.remedy = remedy;
    }

    /**
     * What a session has written by a setting of its own.
     *
     * @param setting that must be made before anything else is written
     */
    static RefusedEventException ofSession(String code, String subject, String message, String setting) {
        return new RefusedEventException(
                code,
                subject,
                message,
                setting
                        + "  -- also in the sessions of applications, which keep what they set; the captured tables have"
                        + " to be read anew: set source.snapshot to when-needed and start again");
    }

    /** Whether that is what {@link #explain} makes of one. */
    static boolean isOne(Finding finding) {
        return finding.code().startsWith("SOURCE-BINLOG-") || finding.code().equals(MySqlGaps.BEHIND_JOURNAL);
    }

    /** What a failure means that has one of these as its cause, however deep. */
    static Optional<Finding> explain(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof RefusedEventException refused) {
                return Optional.of(new Finding(
                        refused.code,
                        refused.subject,
                        String.valueOf(refused.getMessage()),
                        refused.remedy,
                        Severity.FATAL));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
