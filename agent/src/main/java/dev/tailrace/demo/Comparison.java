package dev.tailrace.demo;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares tables of two PostgreSQL databases row by row: every column's text, in the order of the primary key, streamed.
 * Differences name keys, never values. One thread; both connections are the caller's and are left in auto-commit.
 */
public final class Comparison {
    private static final int FETCH = 500;
    private static final int LISTED = 20;

    private final Connection source;
    private final Connection target;

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

    /** One table to compare. */
    record Table(String schema, String name, List<String> columns, List<String> key) {
        String quoted() {
            return quote(schema) + "." + quote(name);
        }

        /** One text column a key column, then one text of the whole row; in the byte order of the keys' texts. */
        String select() {
            String keys =
                    key.stream().map(k -> quote(k) + "::text COLLATE \"C\"").collect(Collectors.joining(", "));
            String row = columns.stream().map(c -> quote(c) + "::text").collect(Collectors.joining(", "));
            return "SELECT " + keys + ", md5(ROW(" + row + ")::text) FROM " + quoted() + " ORDER BY " + keys;
        }
    }

    public Comparison(Connection source, Connection target) {
        this.source = source;
        this.target = target;
    }

    /**
     * Compares every table of the schema in the source with the table of the same schema and name in the target. One that
     * is empty in the source may be missing.
     */
    public Result compare(String schema) throws SQLException {
        long rows = 0;
        long differences = 0;
        List<String> listed = new ArrayList<>();
        List<Table> tables = tables(source, schema);
        for (Table table : tables) {
            if (!exists(table)) {
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

    private record Tables(long rows, long differences) {}

    private Tables compare(Table table, List<String> listed) throws SQLException {
        long rows = 0;
        long differences = 0;
        int keys = table.key().size();
        try (Rows ours = new Rows(source, table.select(), keys);
                Rows theirs = new Rows(target, table.select(), keys)) {
            ours.next();
            theirs.next();
            while (!ours.ended() || !theirs.ended()) {
                int order = ours.ended() ? 1 : theirs.ended() ? -1 : compareKeys(ours.key, theirs.key);
                String found = null;
                if (order < 0) {
                    found = "missing in the target: " + ours.keyText();
                } else if (order > 0) {
                    found = "only in the target: " + theirs.keyText();
                } else if (!ours.row.equals(theirs.row)) {
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

    private static int compareKeys(byte[][] ours, byte[][] theirs) {
        for (int i = 0; i < ours.length; i++) {
            int order = Arrays.compareUnsigned(ours[i], theirs[i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private boolean isEmpty(Table table) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet result = statement.executeQuery("SELECT 1 FROM " + table.quoted() + " LIMIT 1")) {
            return !result.next();
        }
    }

    private boolean exists(Table table) throws SQLException {
        try (PreparedStatement query = target.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            query.setString(1, table.quoted());
            try (ResultSet result = query.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** The tables of a schema that have a primary key, with their columns and key in order. */
    static List<Table> tables(Connection connection, String schema) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT c.relname,"
                + " (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a"
                + "   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),"
                + " (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)"
                + "   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum)"
                + " FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
                + " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = to_regnamespace(?) ORDER BY c.relname")) {
            query.setString(1, quote(schema));
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    tables.add(new Table(
                            schema,
                            result.getString(1),
                            List.of((String[]) result.getArray(2).getArray()),
                            List.of((String[]) result.getArray(3).getArray())));
                }
            }
        }
        return tables;
    }

    static String quote(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    /** A cursor over one side. */
    private static final class Rows implements AutoCloseable {
        private final Connection connection;
        private final Statement statement;
        private final ResultSet result;
        private byte[][] key;
        private String row = "";
        private boolean ended;

        Rows(Connection connection, String select, int keys) throws SQLException {
            this.connection = connection;
            this.key = new byte[keys][];
            connection.setAutoCommit(false); // else the driver reads the whole result at once
            this.statement = connection.createStatement();
            // One session's settings for both sides, so that equal values have equal texts.
            statement.execute(
                    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY';"
                            + " SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'");
            statement.setFetchSize(FETCH);
            this.result = statement.executeQuery(select);
        }

        void next() throws SQLException {
            ended = !result.next();
            if (ended) {
                return;
            }
            byte[][] next = new byte[key.length][];
            for (int i = 0; i < next.length; i++) {
                next[i] = result.getString(i + 1).getBytes(StandardCharsets.UTF_8);
            }
            key = next;
            row = result.getString(key.length + 1);
        }

        boolean ended() {
            return ended;
        }

        String keyText() {
            return Arrays.stream(key)
                    .map(part -> new String(part, StandardCharsets.UTF_8))
                    .collect(Collectors.joining(", ", "(", ")"));
        }

        @Override
        public void close() throws SQLException {
            statement.close();
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
