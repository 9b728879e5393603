package dev.tailrace.capture.mysql;

import dev.tailrace.capture.SourceErrors;
import dev.tailrace.config.Finding;
import java.io.IOException;
import java.util.Optional;

/** An event of the log in a form that is not read: going on behind it would lose its changes (I9). */
final class RefusedEventException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int DEEPEST = 20;

    private final String code;
    private final String setting;

    /** @param setting that must be made before anything else is written */
    RefusedEventException(String code, String message, String setting) {
        super(message);
        this.code = code;
        this.setting = setting;
    }

    /** What a failure means that has one of these as its cause, however deep. */
    static Optional<Finding> explain(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof RefusedEventException refused) {
                return Optional.of(SourceErrors.fatal(
                        refused.code,
                        String.valueOf(refused.getMessage()),
                        refused.setting
                                + "  -- also in the sessions of applications; the tables have to be read anew: move"
                                + " the data directory away and start again, which takes a new snapshot"));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
