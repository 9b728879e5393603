package dev.tailrace.capture.postgres;

import static dev.tailrace.capture.SourceErrors.fatal;
import static dev.tailrace.capture.SourceErrors.firstLine;
import static dev.tailrace.capture.SourceErrors.tableChanged;
import static dev.tailrace.capture.SourceErrors.unreachable;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import java.sql.SQLException;

/** Sorts what a PostgreSQL server answers into what time may mend and what only an operator mends. */
final class PostgresErrors {
    private PostgresErrors() {}

    /** What a failed connection or statement means. */
    static Finding explain(PostgresSettings settings, SQLException failure) {
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
            return unreachable("the server at " + where + " takes no connection at the moment: " + firstLine(failure));
        }
        if (state.startsWith("08") || state.isEmpty()) {
            return unreachable("the source at " + where + " cannot be reached: " + firstLine(failure));
        }
        if (state.equals("42703") || state.equals("42P01")) {
            return tableChanged(where, failure);
        }
        return new Finding(
                "SOURCE-FAILED",
                "source",
                "the source at " + where + " answers with SQL state " + state + ": " + firstLine(failure),
                "mend what the message says; the agent keeps trying",
                Severity.TRANSIENT);
    }
}
