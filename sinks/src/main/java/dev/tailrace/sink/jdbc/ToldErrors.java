package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.ErrorRules;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.SqlErrors.Rules;
import dev.tailrace.sink.jdbc.SqlErrors.Verdict;
import java.sql.SQLException;

/** A database's errors, and what an operator says of them. */
record ToldErrors(Rules rules, ErrorRules told) implements Rules {

    @Override
    public Verdict judge(SQLException error) {
        Verdict own = rules.judge(error);
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return told.of(state, Integer.toString(error.getErrorCode()), state.length() == 5 ? state.substring(0, 2) : "")
                .map(disposition -> verdict(disposition, own))
                .orElse(own);
    }

    private static Verdict verdict(Disposition disposition, Verdict own) {
        if (disposition == own.disposition()) {
            return own;
        }
        return disposition == Disposition.REJECT
                ? SqlErrors.REJECTED
                : new Verdict(
                        disposition,
                        disposition == Disposition.RETRY ? SqlErrors.BUSY.code() : own.code(),
                        own.remedy().isEmpty() ? "look at the target's log" : own.remedy());
    }

    /** Whatever is said of it, the server's text is the same. */
    @Override
    public boolean mayQuote(SQLException error) {
        return rules.mayQuote(error);
    }

    @Override
    public String place(SQLException error) {
        return rules.place(error);
    }

    @Override
    public boolean duplicateKey(SQLException error) {
        return rules.duplicateKey(error);
    }
}
