package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.DatabaseFile;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.SqlErrors.Verdict;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's result codes mean. */
final class SqliteErrors implements SqlErrors.Rules {
    private static final Verdict NO_DATABASE =
            new Verdict(Disposition.HALT, "JDBC-DATABASE", "name another file in the url, or move this one away");
    private static final Verdict TOO_LARGE =
            new Verdict(Disposition.REJECT, "JDBC-ROW-SIZE", "SQLite holds no value beyond 1,000,000,000 bytes");

    /** By the primary code: the lowest byte of an extended one. */
    private static final Map<SQLiteErrorCode, Verdict> RULES = Map.ofEntries(
            Map.entry(SQLiteErrorCode.SQLITE_BUSY, SqlErrors.BUSY),
            Map.entry(SQLiteErrorCode.SQLITE_LOCKED, SqlErrors.BUSY),
            Map.entry(SQLiteErrorCode.SQLITE_PROTOCOL, SqlErrors.BUSY),
            Map.entry(SQLiteErrorCode.SQLITE_SCHEMA, SqlErrors.BUSY),
            Map.entry(SQLiteErrorCode.SQLITE_FULL, SqlErrors.BUSY),
            Map.entry(SQLiteErrorCode.SQLITE_NOMEM, SqlErrors.BUSY),
            Map.entry(SQLiteErrorCode.SQLITE_INTERRUPT, SqlErrors.BUSY),
            Map.entry(SQLiteErrorCode.SQLITE_ABORT, SqlErrors.BUSY),
            Map.entry(SQLiteErrorCode.SQLITE_IOERR, SqlErrors.DOWN),
            Map.entry(SQLiteErrorCode.SQLITE_CANTOPEN, SqlErrors.DOWN),
            Map.entry(SQLiteErrorCode.SQLITE_READONLY, SqlErrors.NOT_GRANTED),
            Map.entry(SQLiteErrorCode.SQLITE_PERM, SqlErrors.NOT_GRANTED),
            Map.entry(SQLiteErrorCode.SQLITE_AUTH, SqlErrors.NOT_GRANTED),
            Map.entry(SQLiteErrorCode.SQLITE_NOTADB, NO_DATABASE),
            Map.entry(SQLiteErrorCode.SQLITE_CORRUPT, SqlErrors.DAMAGED),
            Map.entry(SQLiteErrorCode.SQLITE_FORMAT, SqlErrors.DAMAGED),
            Map.entry(SQLiteErrorCode.SQLITE_CONSTRAINT, SqlErrors.REJECTED),
            Map.entry(SQLiteErrorCode.SQLITE_MISMATCH, SqlErrors.REJECTED),
            Map.entry(SQLiteErrorCode.SQLITE_TOOBIG, TOO_LARGE));

    private static final Set<SQLiteErrorCode> DUPLICATE = Set.of(
            SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE,
            SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY,
            SQLiteErrorCode.SQLITE_CONSTRAINT_ROWID);

    /** Their texts name columns and constraints; that of a trigger is the trigger's own, and may quote a value. */
    private static final Pattern NAMED =
            Pattern.compile("\\((UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(: [^)]*)?");

    private static final Pattern SHAPE = Pattern.compile("\\((no such (table|column)|table \\S+ has no column)");

    @Override
    public Verdict judge(SQLException error) {
        if (error instanceof DatabaseFile.Problem problem) {
            return problem.verdict();
        }
        SQLiteErrorCode code = code(error);
        // The file was moved or deleted while it was open.
        if (code == SQLiteErrorCode.SQLITE_READONLY_DBMOVED) {
            return SqlErrors.DOWN;
        }
        Verdict verdict = RULES.get(SQLiteErrorCode.getErrorCode(code.code & 0xFF));
        if (verdict != null) {
            return verdict;
        }
        return SHAPE.matcher(String.valueOf(error.getMessage())).find() ? SqlErrors.CHANGED : SqlErrors.UNKNOWN;
    }

    private static SQLiteErrorCode code(SQLException error) {
        return error instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    @Override
    public String place(SQLException error) {
        SQLiteErrorCode code = code(error);
        Matcher named = NAMED.matcher(String.valueOf(error.getMessage()));
        boolean trigger = code == SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER;
        return ", " + code.name() + (!trigger && named.find() ? named.group(2) == null ? "" : named.group(2) : "");
    }

    @Override
    public boolean duplicateKey(SQLException error) {
        return DUPLICATE.contains(code(SqlErrors.root(error)));
    }
}
