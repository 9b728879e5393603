package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.jdbc.SqlErrors.Verdict;
import java.sql.SQLException;

/** A value that the target cannot hold as it is. Its message names column and reason, never the value. */
public final class ValueException extends SQLException {
    private static final long serialVersionUID = 1L;
    private static final String STATE = "22000";

    private final transient Verdict verdict;

    public ValueException(String message) {
        this(message, SqlErrors.VALUE);
    }

    public ValueException(String message, Verdict verdict) {
        super(message, STATE);
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }
}
