package dev.tailrace.sink.jdbc;

import dev.tailrace.event.EventId;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** From an SQLSTATE to what the pipeline does about it: one table. What it does not know halts. */
final class SqlErrors {
    static final String SHAPE = "JDBC-SHAPE";
    static final String NO_KEY = "JDBC-NO-KEY";
    static final String ROW_MISSING = "JDBC-ROW-MISSING";
    static final String FENCED = "JDBC-FENCED";
    static final String UNREACHABLE = "JDBC-UNREACHABLE";
    static final String PERMISSION = "JDBC-PERMISSION";
    static final String TARGET_NAME = "JDBC-TARGET-NAME";

    private static final Verdict REJECTED = new Verdict(
            Disposition.REJECT, "JDBC-REJECTED", "compare the column's type and the constraints with the source's");
    private static final Verdict DOWN = new Verdict(Disposition.RETRY, UNREACHABLE, "");
    private static final Verdict BUSY = new Verdict(Disposition.RETRY, "JDBC-BUSY", "");
    private static final Verdict LOGIN = new Verdict(
            Disposition.HALT, "JDBC-LOGIN", "check user and password of the sink and the target's pg_hba.conf");
    private static final Verdict CHANGED =
            new Verdict(Disposition.HALT, SHAPE, "make the target's table fit again, then restart this sink");
    private static final Verdict UNKNOWN =
            new Verdict(Disposition.HALT, "JDBC-SQL", "an error without a rule: look at the target's log");

    /** Longest match wins: a whole SQLSTATE or its two-letter class. */
    private static final Map<String, Verdict> RULES = Map.ofEntries(
            Map.entry("08", DOWN),
            Map.entry("08004", LOGIN),
            Map.entry("57", BUSY),
            Map.entry("57P01", DOWN),
            Map.entry("57P02", DOWN),
            Map.entry("57P03", DOWN),
            Map.entry("57P05", DOWN),
            Map.entry("53", BUSY),
            Map.entry("58", BUSY),
            Map.entry("40", BUSY),
            Map.entry("55P03", BUSY),
            Map.entry("55006", BUSY),
            // A standby, or a primary that is being demoted: a failover is under way.
            Map.entry("25006", BUSY),
            Map.entry("25P03", BUSY),
            Map.entry("25P04", BUSY),
            Map.entry("28", LOGIN),
            Map.entry("3D000", new Verdict(Disposition.HALT, "JDBC-DATABASE", "create the database or mend the URL")),
            Map.entry(
                    "42501",
                    new Verdict(Disposition.HALT, PERMISSION, "grant the right to the sink's user at the target")),
            Map.entry("42P01", CHANGED),
            Map.entry("42703", CHANGED),
            Map.entry("3F000", CHANGED),
            Map.entry("428C9", CHANGED),
            Map.entry("0A000", CHANGED),
            Map.entry(
                    "42P10",
                    new Verdict(
                            Disposition.HALT,
                            NO_KEY,
                            "give the target's table a primary key on the source's key columns")),
            Map.entry("22", REJECTED),
            Map.entry("23", REJECTED),
            Map.entry("21000", REJECTED),
            Map.entry("44000", REJECTED),
            Map.entry("54000", REJECTED),
            Map.entry("42804", REJECTED),
            Map.entry("42846", REJECTED),
            Map.entry("P0001", REJECTED));

    private SqlErrors() {}

    /** What to do about an error, its code, and the operator's next step (empty when there is none). */
    record Verdict(Disposition disposition, String code, String remedy) {}

    static Verdict judge(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        Verdict verdict = RULES.get(state);
        if (verdict == null && state.length() == 5) {
            verdict = RULES.get(state.substring(0, 2));
        }
        return verdict == null ? UNKNOWN : verdict;
    }

    /** The error of the statement that failed, out of the wrapper that a batch puts around it. */
    static SQLException root(SQLException error) {
        SQLException next = error.getNextException();
        return error instanceof BatchUpdateException && next != null ? root(next) : error;
    }

    /**
     * The failure for the pipeline.
     *
     * @param what was being done, with the object's name
     * @param rejected the changes that were written by the failing statement when they are known
     */
    static SinkException failure(Dialect dialect, SQLException error, String what, List<EventId> rejected) {
        SQLException root = root(error);
        if (Thread.currentThread().isInterrupted()) {
            return SinkException.retry("JDBC-INTERRUPTED", what + ": interrupted; nothing of it was committed", root);
        }
        Verdict verdict = dialect.judge(root);
        if (verdict.disposition() != Disposition.REJECT && !verdict.equals(UNKNOWN)) {
            return new SinkException(
                    verdict.disposition(),
                    verdict.code(),
                    what + ": " + root.getMessage(),
                    verdict.remedy(),
                    List.of(),
                    root);
        }
        // The server's own text may quote the row: it goes neither into the message nor into the cause.
        String shown = "the target refused it (SQLSTATE " + root.getSQLState() + dialect.place(root) + ")";
        SQLException cause = new SQLException(shown, root.getSQLState());
        cause.setStackTrace(root.getStackTrace());
        return new SinkException(
                verdict.disposition(), verdict.code(), what + ": " + shown, verdict.remedy(), rejected, cause);
    }
}
