package dev.tailrace.sink.jdbc;

import dev.tailrace.event.EventId;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;

/** From an error of a database to what the pipeline does about it. What no {@link Rules rule} knows is tried a few times, then halts. */
public final class SqlErrors {
    public static final String SHAPE = "JDBC-SHAPE";
    public static final String NO_KEY = "JDBC-NO-KEY";
    static final String ROW_MISSING = "JDBC-ROW-MISSING";
    static final String IMAGE = "JDBC-IMAGE";
    static final String FENCED = "JDBC-FENCED";
    static final String UNREACHABLE = "JDBC-UNREACHABLE";
    static final String PERMISSION = "JDBC-PERMISSION";
    static final String TARGET_NAME = "JDBC-TARGET-NAME";
    static final String SCHEMA_CHANGE = "JDBC-SCHEMA-CHANGE";
    static final String SCHEMA_PAUSED = "JDBC-SCHEMA-PAUSED";
    static final String SCHEMA_DDL = "JDBC-SCHEMA-DDL";

    public static final Verdict REJECTED = new Verdict(
            Disposition.REJECT, "JDBC-REJECTED", "compare the column's type and the constraints with the source's");
    static final Verdict VALUE = new Verdict(
            Disposition.REJECT,
            "JDBC-VALUE",
            "give the target's column a type that holds it, or mend the row at the source");
    public static final Verdict DOWN = new Verdict(Disposition.RETRY, UNREACHABLE, "");
    public static final Verdict BUSY = new Verdict(Disposition.RETRY, "JDBC-BUSY", "");
    public static final Verdict LOGIN = new Verdict(
            Disposition.HALT,
            "JDBC-LOGIN",
            "check user and password of the sink, and whether the target lets it in from here");
    public static final Verdict DATABASE =
            new Verdict(Disposition.HALT, "JDBC-DATABASE", "create the database or mend the URL");
    public static final Verdict DAMAGED = new Verdict(
            Disposition.HALT,
            "JDBC-DAMAGED",
            "look at the disk; restore the file from a copy, or move it away and let the sink begin anew with a"
                    + " snapshot");
    public static final Verdict NOT_GRANTED =
            new Verdict(Disposition.HALT, PERMISSION, "grant the right to the sink's user at the target");
    public static final Verdict CHANGED =
            new Verdict(Disposition.HALT, SHAPE, "make the target's table fit again, then restart this sink");
    public static final Verdict UNKNOWN =
            new Verdict(Disposition.UNKNOWN, "JDBC-SQL", "an error without a rule: look at the target's log");

    private SqlErrors() {}

    /** What to do about an error, its code, and the operator's next step (empty when there is none). */
    public record Verdict(Disposition disposition, String code, String remedy) {}

    /** One database's errors. */
    public interface Rules {
        Verdict judge(SQLException error);

        /** Whether the server's text may quote the row. */
        default boolean mayQuote(SQLException error) {
            Disposition disposition = judge(error).disposition();
            return disposition == Disposition.REJECT || disposition == Disposition.UNKNOWN;
        }

        /** Constraint, table and column that an error names, to be added to a message; never a value. */
        String place(SQLException error);

        /** Whether a unique key was violated. */
        boolean duplicateKey(SQLException error);
    }

    /** The error of the statement that failed, out of the wrapper that a batch puts around it. */
    public static SQLException root(SQLException error) {
        if (!(error instanceof BatchUpdateException)) {
            return error;
        }
        SQLException next = error.getNextException();
        if (next != null) {
            return root(next);
        }
        return error.getCause() instanceof SQLException cause ? root(cause) : error;
    }

    /** Not every database has them. */
    private static String state(SQLException error) {
        return error.getSQLState() == null ? "error " + error.getErrorCode() : "SQLSTATE " + error.getSQLState();
    }

    /**
     * The failure for the pipeline.
     *
     * @param what was being done, with the object's name
     * @param rejected the changes that were written by the failing statement when they are known
     */
    static SinkException failure(Rules rules, SQLException error, String what, List<EventId> rejected) {
        SQLException root = root(error);
        if (Thread.currentThread().isInterrupted()) {
            return SinkException.retry("JDBC-INTERRUPTED", what + ": interrupted; nothing of it was committed", root);
        }
        Verdict verdict = root instanceof ValueException refused ? refused.verdict() : rules.judge(root);
        if (!(root instanceof ValueException) && !rules.mayQuote(root)) {
            return new SinkException(
                    verdict.disposition(),
                    verdict.code(),
                    what + ": " + String.valueOf(root.getMessage()).replaceAll("\\s+", " "),
                    verdict.remedy(),
                    List.of(),
                    root);
        }
        // The server's own text may quote the row: it goes neither into the message nor into the cause.
        String shown = root instanceof ValueException
                ? String.valueOf(root.getMessage())
                : "the target refused it (" + state(root) + rules.place(root) + ")";
        SQLException cause = new SQLException(shown, root.getSQLState());
        cause.setStackTrace(root.getStackTrace());
        return new SinkException(
                verdict.disposition(), verdict.code(), what + ": " + shown, verdict.remedy(), rejected, cause);
    }
}
