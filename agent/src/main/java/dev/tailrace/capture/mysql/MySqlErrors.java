package dev.tailrace.capture.mysql;

import static dev.tailrace.capture.SourceErrors.fatal;
import static dev.tailrace.capture.SourceErrors.firstLine;
import static dev.tailrace.capture.SourceErrors.tableChanged;
import static dev.tailrace.capture.SourceErrors.unreachable;

import com.github.shyiko.mysql.binlog.network.ServerException;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import java.io.EOFException;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.Optional;

/** Sorts what a MySQL server answers into what time may mend and what only an operator mends. */
final class MySqlErrors {
    private static final int DEEPEST = 20;
    private static final int SHUTDOWN = 1053;

    private MySqlErrors() {}

    /** A connection to the log that ended, between two events or inside one; empty when that is not the failure. */
    static Optional<Finding> lost(MySqlSettings settings, Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof EOFException
                    || cause instanceof SocketException
                    || cause instanceof ServerException said && said.getErrorCode() == SHUTDOWN) {
                return Optional.of(unreachable("the server at " + settings.where()
                        + " has ended the connection to its log: " + firstLine(cause)));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** What a failed connection or statement means. See the "MySQL Error Message Reference" for the numbers. */
    static Finding explain(MySqlSettings settings, SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return switch (failure.getErrorCode()) {
            case 1045, 1044, 1698, 1862, 3118 ->
                fatal(
                        "SOURCE-LOGIN-REFUSED",
                        "the server at " + settings.where() + " refuses the login of user " + settings.user()
                                + " (error " + failure.getErrorCode() + ")",
                        "check source.user and source.password, and that the account may log in from this host");
            case 1142, 1143, 1227, 1370 ->
                fatal(
                        "SOURCE-RIGHT-MISSING",
                        "the server refuses user " + settings.user() + ": " + firstLine(failure),
                        "grant what the message names, or run \"tailrace check\" for the exact statements");
            case 1054, 1146, 1412 -> tableChanged(settings.where(), failure);
            case 1040, 1053, 1129, 1203, 1226 ->
                unreachable("the server at " + settings.where() + " takes no connection at the moment: "
                        + firstLine(failure));
            default ->
                state.startsWith("08") || state.isEmpty()
                        ? unreachable("the source at " + settings.where() + " cannot be reached: " + firstLine(failure))
                        : new Finding(
                                "SOURCE-FAILED",
                                "source",
                                "the source at " + settings.where() + " answers with error " + failure.getErrorCode()
                                        + " (SQL state " + state + "): " + firstLine(failure),
                                "mend what the message says; the agent keeps trying",
                                Severity.TRANSIENT);
        };
    }
}
