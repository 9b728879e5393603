package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Sorts what a source answers into what time may mend and what only an operator mends. */
final class SourceErrors {
    private SourceErrors() {}

    /** The SQL error behind a failure, however deep; null when there is none. */
    static @Nullable SQLException sqlCause(@Nullable Throwable failure) {
        Throwable current = failure;
        for (int depth = 0; current != null && depth < 20; depth++) {
            if (current instanceof SQLException sql && sql.getSQLState() != null) {
                return sql;
            }
            current = current.getCause();
        }
        return null;
    }

    /** What a failed connection or statement means. */
    static Finding explain(SourceSettings settings, SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        String where = settings.host() + ":" + settings.port();
        if (state.startsWith("28")) {
            return fatal(
                    "SOURCE-LOGIN-REFUSED",
                    "the server at " + where + " refuses the login of user " + settings.user() + " to database "
                            + settings.database() + " (SQL state " + state + ")",
                    "check source.user and source.password, and that pg_hba.conf lets this host in; a replication slot"
                            + " needs the role attribute REPLICATION");
        }
        if (state.equals("3D000")) {
            return fatal(
                    "SOURCE-DATABASE-MISSING",
                    "the server at " + where + " has no database named " + settings.database(),
                    "check source.database");
        }
        if (state.startsWith("42501")) {
            return fatal(
                    "SOURCE-RIGHT-MISSING",
                    "the server refuses user " + settings.user() + ": " + firstLine(failure),
                    "grant what the message names, or run \"tailrace check\" for the exact statements");
        }
        if (state.equals("53300") || state.equals("57P03") || state.startsWith("57P")) {
            return transientFinding(
                    "the server at " + where + " takes no connection at the moment: " + firstLine(failure));
        }
        if (state.startsWith("08") || state.isEmpty()) {
            return transientFinding("the source at " + where + " cannot be reached: " + firstLine(failure));
        }
        return new Finding(
                "SOURCE-FAILED",
                "source",
                "the source at " + where + " answers with SQL state " + state + ": " + firstLine(failure),
                "mend what the message says; the agent keeps trying",
                Severity.TRANSIENT);
    }

    /** The first line of the innermost cause. */
    static String deepestLine(Throwable failure) {
        Throwable current = failure;
        for (int depth = 0; current.getCause() != null && depth < 20; depth++) {
            current = current.getCause();
        }
        return firstLine(current);
    }

    private static Finding transientFinding(String message) {
        return new Finding(
                "SOURCE-UNREACHABLE",
                "source",
                message,
                "check source.host and source.port and that the server runs; the agent keeps trying",
                Severity.TRANSIENT);
    }

    static Finding fatal(String code, String message, String remedy) {
        return new Finding(code, "source", message, remedy, Severity.FATAL);
    }

    /** Servers put row values into the lines behind the first one (DETAIL, CONTEXT). */
    static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
