package dev.tailrace.capture.postgres;

import dev.tailrace.capture.ExistingRows;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Columns that a table got, and what its rows from before have in them. The server keeps that value beside the column
 * ({@code attmissingval}) until the table is rewritten: it is the one that ADD COLUMN computed once, whatever became of the
 * default since.
 */
final class AddedColumns {
    private static final String CATALOG = """
            SELECT a.attname, a.attmissingval::text, t.typdelim::text, a.attnotnull, a.attgenerated <> '',
                a.attidentity <> '', pg_get_expr(d.adbin, d.adrelid), t.typtype = 'd' AND t.typdefault IS NOT NULL,
                pg_relation_filenode(c.oid) IS DISTINCT FROM c.oid, format_type(a.atttypid, a.atttypmod)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE c.relkind = 'r' AND c.oid IN (SELECT to_regclass(?)::oid
                UNION SELECT relid::oid FROM pg_partition_tree(to_regclass(?)) WHERE isleaf)
            """;

    /** A literal with casts, as the server spells it. */
    private static final Pattern CONSTANT =
            Pattern.compile("\\(?(?:-?[0-9]+(?:\\.[0-9]+)?|true|false|E?'(?:[^']|'')*')\\)?(?:::[\\w \".\\[\\](),]+)*");

    private final TableId table;
    private final List<PostgresReader.Form> added;
    private final Set<String> doubtful;

    private AddedColumns(TableId table, List<PostgresReader.Form> added, Set<String> doubtful) {
        this.table = table;
        this.added = added;
        this.doubtful = doubtful;
    }

    /** One that the table itself, or one of its partitions, has. */
    private record Attribute(
            @Nullable String missing,
            char delimiter,
            boolean notNull,
            boolean computed,
            boolean identity,
            @Nullable String expression,
            boolean domainDefault,
            boolean rewritten,
            String type) {
        boolean hasDefault() {
            return expression != null || domainDefault;
        }
    }

    /**
     * A column that is new by name has come, or has got another name. New ones stand behind all others; one that was
     * renamed stays in its place.
     */
    static AddedColumns of(TableSchema before, List<PostgresReader.Form> columns) {
        int lastKept = -1;
        int lastKeptBefore = -1;
        for (int i = 0; i < columns.size(); i++) {
            int then = before.indexOf(columns.get(i).column().name());
            if (then >= 0) {
                lastKept = i;
                lastKeptBefore = Math.max(lastKeptBefore, then);
            }
        }
        boolean lastVanished = lastKeptBefore < before.size() - 1;
        List<PostgresReader.Form> added = new ArrayList<>();
        Set<String> doubtful = new HashSet<>();
        for (PostgresReader.Form form : columns.subList(lastKept + 1, columns.size())) {
            added.add(form);
            if (lastVanished) {
                doubtful.add(form.column().name());
            }
        }
        return new AddedColumns(before.table(), added, doubtful);
    }

    boolean isEmpty() {
        return added.isEmpty();
    }

    Map<String, Object> existing(Connection connection) throws SQLException {
        Map<String, List<Attribute>> catalog = read(connection);
        Map<String, Object> existing = new HashMap<>();
        for (PostgresReader.Form form : added) {
            String name = form.column().name();
            Object value = value(connection, form, catalog.getOrDefault(name, List.of()));
            if (value != null) {
                existing.put(name, value);
            }
        }
        return existing;
    }

    private Map<String, List<Attribute>> read(Connection connection) throws SQLException {
        Map<String, List<Attribute>> catalog = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(CATALOG)) {
            query.setString(1, SourceConnections.table(table));
            query.setString(2, SourceConnections.table(table));
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    catalog.computeIfAbsent(found.getString(1), n -> new ArrayList<>())
                            .add(new Attribute(
                                    found.getString(2),
                                    found.getString(3).charAt(0),
                                    found.getBoolean(4),
                                    found.getBoolean(5),
                                    found.getBoolean(6),
                                    found.getString(7),
                                    found.getBoolean(8),
                                    found.getBoolean(9),
                                    found.getString(10)));
                }
            }
        }
        return catalog;
    }

    private @Nullable Object value(Connection connection, PostgresReader.Form form, List<Attribute> attributes)
            throws SQLException {
        String name = form.column().name();
        if (attributes.isEmpty()) {
            return unknown(name, "was dropped or renamed before its table could be asked");
        }
        if (attributes.stream().anyMatch(a -> a.computed || a.identity)) {
            return unknown(name, "has a value of its own in every row");
        }
        Set<String> values = new HashSet<>();
        for (Attribute attribute : attributes) {
            if (attribute.missing != null) {
                values.add(element(attribute.missing, attribute.delimiter));
            }
        }
        if (values.size() == 1 && !doubtful.contains(name)) {
            return PgText.value(form.type(), values.iterator().next());
        }
        if (!values.isEmpty()) {
            return unknown(name, values.size() > 1 ? "came with several values" : "came while another one vanished");
        }
        // Rows of a table that was never rewritten have null where the server keeps no value for them.
        Attribute sample = attributes.get(0);
        boolean told = attributes.stream().noneMatch(a -> a.hasDefault() && a.rewritten);
        return told || doubtful.contains(name) ? null : ofRewritten(connection, form, sample);
    }

    private @Nullable Object ofRewritten(Connection connection, PostgresReader.Form form, Attribute attribute)
            throws SQLException {
        String name = form.column().name();
        String expression = attribute.expression;
        if (expression == null || !CONSTANT.matcher(expression).matches()) {
            return unknown(name, "has a default that may differ from row to row, and its table was rewritten");
        }
        if (!attribute.notNull) {
            return unknown(name, "got its default when it came or later, and its table was rewritten");
        }
        ExistingRows.assumed(table, name, "came with a default, or got it later, and its table was rewritten");
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT format('%s', (" + expression + ")::" + attribute.type + ")")) {
            found.next();
            return PgText.value(form.type(), found.getString(1));
        }
    }

    private @Nullable Object unknown(String column, String why) {
        ExistingRows.unknown(table, column, why);
        return null;
    }

    /** The server keeps the value as an array of one. */
    private static String element(String array, char delimiter) {
        PgType texts = PgType.arrayOf(0, "_text", PgType.scalar(PgType.TEXT, "text", delimiter, 0));
        return String.valueOf(PgText.array(texts, array).get(0));
    }
}
