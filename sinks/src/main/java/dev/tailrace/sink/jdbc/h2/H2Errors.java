package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.DatabaseFile;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.SqlErrors.Verdict;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;

/** What H2's errors mean, by their number, then by the class of their SQLSTATE. */
final class H2Errors implements SqlErrors.Rules {
    private static final Verdict NO_DATABASE =
            new Verdict(Disposition.HALT, "JDBC-DATABASE", "mend the url, or move the file away");

    private static final Verdict NO_ADMIN = new Verdict(
            Disposition.HALT,
            "JDBC-PERMISSION",
            "ALTER USER ... ADMIN TRUE for the sink's user: only an administrator may force the file to the disk");

    private static final Map<Integer, Verdict> RULES = new HashMap<>();

    static {
        put(SqlErrors.DOWN, ErrorCode.IO_EXCEPTION_1, ErrorCode.IO_EXCEPTION_2, ErrorCode.DATABASE_IS_CLOSED);
        put(SqlErrors.DOWN, ErrorCode.DATABASE_CALLED_AT_SHUTDOWN, ErrorCode.CONNECTION_BROKEN_1);
        put(SqlErrors.DOWN, ErrorCode.OBJECT_CLOSED, ErrorCode.ERROR_OPENING_DATABASE_1);
        // Another process has it, or another transaction.
        put(SqlErrors.BUSY, ErrorCode.DATABASE_ALREADY_OPEN_1, ErrorCode.LOCK_TIMEOUT_1, ErrorCode.DEADLOCK_1);
        put(SqlErrors.BUSY, ErrorCode.CONCURRENT_UPDATE_1, ErrorCode.ROW_NOT_FOUND_WHEN_DELETING_1);
        put(SqlErrors.BUSY, ErrorCode.STATEMENT_WAS_CANCELED);
        put(SqlErrors.BUSY, ErrorCode.DATABASE_IS_IN_EXCLUSIVE_MODE, ErrorCode.OUT_OF_MEMORY);
        put(SqlErrors.LOGIN, ErrorCode.WRONG_USER_OR_PASSWORD, ErrorCode.FILE_ENCRYPTION_ERROR_1);
        put(NO_DATABASE, ErrorCode.FILE_VERSION_ERROR_1, ErrorCode.URL_FORMAT_ERROR_2);
        put(NO_DATABASE, ErrorCode.UNSUPPORTED_SETTING_1, ErrorCode.UNSUPPORTED_SETTING_COMBINATION);
        put(NO_DATABASE, ErrorCode.DUPLICATE_PROPERTY_1, ErrorCode.URL_RELATIVE_TO_CWD);
        put(NO_DATABASE, ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1, ErrorCode.REMOTE_DATABASE_NOT_FOUND_1);
        put(SqlErrors.DAMAGED, ErrorCode.FILE_CORRUPTED_1);
        put(NO_ADMIN, ErrorCode.ADMIN_RIGHTS_REQUIRED);
        put(SqlErrors.NOT_GRANTED, ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, ErrorCode.DATABASE_IS_READ_ONLY);
        put(SqlErrors.CHANGED, ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1, ErrorCode.COLUMN_NOT_FOUND_1);
        put(SqlErrors.CHANGED, ErrorCode.TABLE_OR_VIEW_NOT_FOUND_WITH_CANDIDATES_2, ErrorCode.SCHEMA_NOT_FOUND_1);
        put(SqlErrors.CHANGED, ErrorCode.GENERATED_COLUMN_CANNOT_BE_ASSIGNED_1);
        put(SqlErrors.REJECTED, ErrorCode.ERROR_EXECUTING_TRIGGER_3, ErrorCode.ENUM_VALUE_NOT_PERMITTED);
        // Values, constraints, what a trigger refuses.
        put(SqlErrors.REJECTED, 22, 23, 44, 45);
    }

    /** What comes behind these may quote a row. */
    private static final List<Pattern> NAMES = List.of(
            Pattern.compile("(index \"|violation: \")(?<name>[^:(]*?)( INDEX |:)"),
            Pattern.compile("(?<name>column \"[^\"(]*)"));

    private static void put(Verdict verdict, int... codes) {
        for (int code : codes) {
            RULES.put(code, verdict);
        }
    }

    @Override
    public Verdict judge(SQLException error) {
        if (error instanceof DatabaseFile.Problem problem) {
            return problem.verdict();
        }
        int code = error.getErrorCode();
        Verdict verdict = RULES.get(code);
        if (verdict == null
                && error.getSQLState() != null
                && error.getSQLState().matches("[0-9]{5}")) {
            // By its class: what a trigger throws has no number of H2.
            verdict = RULES.get(Integer.parseInt(error.getSQLState().substring(0, 2)));
        }
        return verdict == null ? SqlErrors.UNKNOWN : verdict;
    }

    @Override
    public String place(SQLException error) {
        for (Pattern pattern : NAMES) {
            Matcher names = pattern.matcher(String.valueOf(error.getMessage()));
            if (names.find()) {
                return ", " + names.group("name");
            }
        }
        return "";
    }

    @Override
    public boolean duplicateKey(SQLException error) {
        return SqlErrors.root(error).getErrorCode() == ErrorCode.DUPLICATE_KEY_1;
    }
}
