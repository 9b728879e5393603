package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Finds in what a source answers the part that can be told to an operator. */
public final class SourceErrors {
    static final String STUCK = "SOURCE-STUCK";

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

    /** The first line of the innermost cause. */
    public static String deepestLine(Throwable failure) {
        Throwable current = failure;
        for (int depth = 0; current.getCause() != null && depth < 20; depth++) {
            current = current.getCause();
        }
        return firstLine(current);
    }

    /** What time may mend: the source is out of reach. */
    public static Finding unreachable(String message) {
        return new Finding(
                "SOURCE-UNREACHABLE",
                "source",
                message,
                "check source.host and source.port and that the server runs; the agent keeps trying",
                Severity.TRANSIENT);
    }

    /** Connected, but nothing moves: a new engine mends it. */
    public static Finding stuck(String message) {
        return new Finding(
                STUCK,
                "source",
                message,
                "another engine reads on behind the journal's end; if it happens often, look at the network between"
                        + " the two",
                Severity.TRANSIENT);
    }

    /** The server does not know a table or a column that it has named before. */
    public static Finding tableChanged(String where, Throwable failure) {
        return new Finding(
                "SOURCE-TABLE-CHANGED",
                "source",
                "the source at " + where + " does not know, or not any more, what it is asked for: "
                        + firstLine(failure),
                "a table that was altered, renamed or dropped while it was read needs nothing: what was under way, a"
                        + " snapshot perhaps, starts over; when it comes again, mend what the message says",
                Severity.TRANSIENT);
    }

    /** What only an operator mends. */
    public static Finding fatal(String code, String message, String remedy) {
        return new Finding(code, "source", message, remedy, Severity.FATAL);
    }

    /** Servers put row values into the lines behind the first one (DETAIL, CONTEXT). */
    public static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
