package dev.tailrace.config;

import java.util.Objects;

/**
 * One thing an operator must mend before the agent can work, found by reading the configuration or by a preflight.
 *
 * @param code stable, upper case with dashes; listed in docs/errors.md
 * @param subject what it is about: a configuration key, {@code source}, {@code sink warehouse}, a table
 * @param message what is wrong
 * @param remedy what to do, often the exact statement to run; empty when the message says it
 * @param severity whether it prevents the start
 */
public record Finding(String code, String subject, String message, String remedy, Severity severity) {

    /** What a finding means for the start. */
    public enum Severity {
        /** Worth knowing; the agent starts. */
        WARNING,
        /** Time may mend it (an unreachable server): {@code check} fails, {@code run} keeps trying. */
        TRANSIENT,
        /** Only an operator mends it: the agent does not start. */
        FATAL
    }

    public Finding {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
        Objects.requireNonNull(severity, "severity");
    }
}
