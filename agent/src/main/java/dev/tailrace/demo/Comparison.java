package dev.tailrace.demo;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the tables of two databases row by row: every column's value, in the order of the primary key, streamed.
 * Databases of one kind are compared by the server's own texts, others by value. Differences name keys, never values. One
 * thread.
 */
public final class Comparison {
    private static final int LISTED = 20;

    private final TableReader source;
    private final TableReader target;

    /**
     * What was found.
     *
     * @param tables compared
     * @param rows of the source that were compared
     * @param differences how many rows differ, are missing or are too many
     * @param listed the first of them: table, kind and key
     */
    public record Result(int tables, long rows, long differences, List<String> listed) {
        /** The line that says it all. */
        public String summary() {
            return "verified: " + rows + " rows in " + tables + " tables, " + differences
                    + (differences == 1 ? " difference" : " differences");
        }

        boolean isEqual() {
            return differences == 0;
        }
    }

    public Comparison(TableReader source, TableReader target) {
        this.source = source;
        this.target = target;
    }

    /**
     * Compares every table of the source with the table of the same name in the target. One that is empty in the source
     * may be missing.
     */
    public Result compare() throws SQLException {
        long rows = 0;
        long differences = 0;
        List<String> listed = new ArrayList<>();
        List<ComparedTable> tables = source.tables();
        for (ComparedTable table : tables) {
            if (!target.exists(table)) {
                if (!isEmpty(table)) { // a table without a row has had no reason to be created
                    differences++;
                    listed.add(table.quoted() + ": the table is missing in the target");
                }
                continue;
            }
            Tables result = compare(table, listed);
            rows += result.rows;
            differences += result.differences;
        }
        return new Result(tables.size(), rows, differences, List.copyOf(listed));
    }

    private boolean isEmpty(ComparedTable table) throws SQLException {
        try (KeyedRows rows = source.rows(table, byValue())) {
            rows.next();
            return rows.ended();
        }
    }

    private boolean byValue() {
        return !source.kind().equals(target.kind());
    }

    private record Tables(long rows, long differences) {}

    private Tables compare(ComparedTable table, List<String> listed) throws SQLException {
        long rows = 0;
        long differences = 0;
        try (KeyedRows ours = source.rows(table, byValue());
                KeyedRows theirs = target.rows(table, byValue())) {
            ours.next();
            theirs.next();
            while (!ours.ended() || !theirs.ended()) {
                int order = ours.ended() ? 1 : theirs.ended() ? -1 : ours.compareKey(theirs);
                String found = null;
                if (order < 0) {
                    found = "missing in the target: " + ours.keyText();
                } else if (order > 0) {
                    found = "only in the target: " + theirs.keyText();
                } else if (!ours.sameRow(theirs)) {
                    found = "differs: " + ours.keyText();
                }
                if (found != null) {
                    differences++;
                    if (listed.size() < LISTED) {
                        listed.add(table.quoted() + " " + found);
                    }
                }
                if (order <= 0) {
                    rows++;
                    ours.next();
                }
                if (order >= 0) {
                    theirs.next();
                }
            }
        }
        return new Tables(rows, differences);
    }
}
