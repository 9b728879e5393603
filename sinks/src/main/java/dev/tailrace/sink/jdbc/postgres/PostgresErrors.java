package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.SqlErrors.Verdict;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What PostgreSQL's errors mean, by SQLSTATE. */
final class PostgresErrors implements SqlErrors.Rules {
    private static final String UNIQUE_VIOLATION = "23505";

    /** Longest match wins: a whole SQLSTATE or its two-letter class. */
    private static final Map<String, Verdict> RULES = Map.ofEntries(
            Map.entry("08", SqlErrors.DOWN),
            Map.entry("08004", SqlErrors.LOGIN),
            Map.entry("57", SqlErrors.BUSY),
            Map.entry("57P01", SqlErrors.DOWN),
            Map.entry("57P02", SqlErrors.DOWN),
            Map.entry("57P03", SqlErrors.DOWN),
            Map.entry("57P05", SqlErrors.DOWN),
            Map.entry("53", SqlErrors.BUSY),
            Map.entry("58", SqlErrors.BUSY),
            Map.entry("40", SqlErrors.BUSY),
            Map.entry("55P03", SqlErrors.BUSY),
            Map.entry("55006", SqlErrors.BUSY),
            // A standby, or a primary that is being demoted: a failover is under way.
            Map.entry("25006", SqlErrors.BUSY),
            Map.entry("25P03", SqlErrors.BUSY),
            Map.entry("25P04", SqlErrors.BUSY),
            Map.entry("28", SqlErrors.LOGIN),
            Map.entry("3D000", SqlErrors.DATABASE),
            Map.entry("42501", SqlErrors.NOT_GRANTED),
            Map.entry("42P01", SqlErrors.CHANGED),
            Map.entry("42703", SqlErrors.CHANGED),
            Map.entry("3F000", SqlErrors.CHANGED),
            Map.entry("428C9", SqlErrors.CHANGED),
            Map.entry("0A000", SqlErrors.CHANGED),
            Map.entry(
                    "42P10",
                    new Verdict(
                            Disposition.HALT,
                            SqlErrors.NO_KEY,
                            "give the target's table a primary key on the source's key columns")),
            Map.entry("22", SqlErrors.REJECTED),
            Map.entry("23", SqlErrors.REJECTED),
            Map.entry("21000", SqlErrors.REJECTED),
            Map.entry("44000", SqlErrors.REJECTED),
            Map.entry("54000", SqlErrors.REJECTED),
            Map.entry("42804", SqlErrors.REJECTED),
            Map.entry("42846", SqlErrors.REJECTED),
            Map.entry("P0001", SqlErrors.REJECTED));

    @Override
    public Verdict judge(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        Verdict verdict = RULES.get(state);
        if (verdict == null && state.length() == 5) {
            verdict = RULES.get(state.substring(0, 2));
        }
        return verdict == null ? SqlErrors.UNKNOWN : verdict;
    }

    @Override
    public String place(SQLException error) {
        if (!(error instanceof PSQLException)) {
            // Made by this sink before it sent anything.
            return ": " + error.getMessage();
        }
        ServerErrorMessage server = ((PSQLException) error).getServerErrorMessage();
        if (server == null) {
            return "";
        }
        StringBuilder place = new StringBuilder();
        append(place, "constraint", server.getConstraint());
        append(place, "table", server.getTable());
        append(place, "column", server.getColumn());
        return place.toString();
    }

    private static void append(StringBuilder place, String kind, @Nullable String name) {
        if (name != null) {
            place.append(", ").append(kind).append(' ').append(name);
        }
    }

    @Override
    public boolean duplicateKey(SQLException error) {
        return UNIQUE_VIOLATION.equals(SqlErrors.root(error).getSQLState());
    }
}
