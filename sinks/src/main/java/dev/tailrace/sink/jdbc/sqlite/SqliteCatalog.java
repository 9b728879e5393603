package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads SQLite's catalog. Names compare without regard to case, as they do there. */
final class SqliteCatalog {
    static final String MAIN = "main";

    private static final String TABLE = """
        SELECT name, wr FROM pragma_table_list
        WHERE schema = ? AND name = ? COLLATE NOCASE AND type IN ('table', 'view', 'virtual')
        """;

    /** hidden: 2 and 3 are computed columns. */
    private static final String COLUMNS =
            "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1";

    /** One row a column of an index; without a name where it is an expression. */
    private static final String INDEXES = """
        SELECT i.name, i.origin, i.partial, c.name, c.coll
        FROM pragma_index_list(?, ?) i JOIN pragma_index_xinfo(i.name, ?) c ON c."key" = 1
        WHERE i."unique" = 1
        ORDER BY i.origin = 'c', i.seq, c.seqno
        """;

    private static final String FOREIGN_KEYS = """
        SELECT DISTINCT child.name, parent.name
        FROM pragma_table_list child, pragma_foreign_key_list(child.name, child.schema) k
        JOIN pragma_table_list parent ON parent.schema = child.schema AND parent.name = k."table" COLLATE NOCASE
        WHERE child.schema = ? AND child.type = 'table' AND (child.name = ? OR parent.name = ?)
        """;

    private final Connection connection;

    SqliteCatalog(Connection connection) {
        this.connection = connection;
    }

    Optional<TargetTable> describe(TargetName name) throws SQLException {
        String schema = name.schema().orElse(MAIN);
        try (PreparedStatement query = query(TABLE, schema, name.table());
                ResultSet found = query.executeQuery()) {
            if (!found.next()) {
                return Optional.empty();
            }
            return Optional.of(describe(TargetName.of(schema, found.getString(1)), found.getBoolean(2)));
        }
    }

    private TargetTable describe(TargetName name, boolean withoutRowid) throws SQLException {
        String schema = name.schema().orElse(MAIN);
        Map<String, String> collations = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, Set<String>> indexes = new LinkedHashMap<>();
        int unique = indexes(schema, name.table(), collations, indexes);
        Map<Integer, String> key = new TreeMap<>();
        Map<String, TargetColumn> columns = columns(schema, name.table(), collations, key, withoutRowid);
        List<Set<String>> keys = new ArrayList<>(indexes.values());
        Set<String> primary = new LinkedHashSet<>(key.values());
        // The number of the row is a key without an index.
        if (!primary.isEmpty() && !keys.contains(primary)) {
            keys.add(primary);
            unique++;
        }
        Set<TargetName> parents = new LinkedHashSet<>();
        Set<TargetName> children = new LinkedHashSet<>();
        foreignKeys(name, parents, children);
        return new TargetTable(name, columns, keys, unique, parents, children, false, Optional.empty());
    }

    private PreparedStatement query(String text, String... parameters) throws SQLException {
        PreparedStatement query = connection.prepareStatement(text);
        for (int i = 0; i < parameters.length; i++) {
            query.setString(i + 1, parameters[i]);
        }
        return query;
    }

    /**
     * The columns of each unique index that an upsert can name.
     *
     * @param collations receives those of the columns, from the indexes that take them over
     * @return how many unique indexes there are
     */
    private int indexes(String schema, String table, Map<String, String> collations, Map<String, Set<String>> indexes)
            throws SQLException {
        Set<String> all = new LinkedHashSet<>();
        Map<String, Boolean> partial = new HashMap<>();
        try (PreparedStatement query = query(INDEXES, table, schema, schema);
                ResultSet found = query.executeQuery()) {
            while (found.next()) {
                String index = found.getString(1);
                String column = found.getString(4);
                all.add(index);
                if (found.getBoolean(3) || column == null) {
                    partial.put(index, true);
                } else {
                    indexes.computeIfAbsent(index, i -> new LinkedHashSet<>()).add(column);
                    collations.putIfAbsent(column, found.getString(5));
                }
            }
        }
        indexes.keySet().removeAll(partial.keySet());
        return all.size();
    }

    private Map<String, TargetColumn> columns(
            String schema, String table, Map<String, String> collations, Map<Integer, String> key, boolean withoutRowid)
            throws SQLException {
        Map<String, TargetColumn> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try (PreparedStatement query = query(COLUMNS, table, schema);
                ResultSet found = query.executeQuery()) {
            while (found.next()) {
                String name = found.getString(1);
                String type = found.getString(2);
                if (found.getInt(5) > 0) {
                    key.put(found.getInt(5), name);
                }
                // Null becomes the number of the row.
                boolean numbered = !withoutRowid && found.getInt(5) > 0 && type.equalsIgnoreCase("INTEGER");
                Affinity affinity = Affinity.of(type);
                columns.put(
                        name,
                        new TargetColumn(
                                name,
                                affinity.word(),
                                affinity == Affinity.NUMERIC ? type.toLowerCase(Locale.ROOT) : affinity.word(),
                                found.getBoolean(3),
                                found.getString(4) != null || numbered,
                                false,
                                found.getInt(6) >= 2,
                                Optional.ofNullable(collations.get(name))));
            }
        }
        return columns;
    }

    private void foreignKeys(TargetName name, Set<TargetName> parents, Set<TargetName> children) throws SQLException {
        String schema = name.schema().orElse(MAIN);
        try (PreparedStatement query = query(FOREIGN_KEYS, schema, name.table(), name.table());
                ResultSet found = query.executeQuery()) {
            while (found.next()) {
                TargetName child = TargetName.of(schema, found.getString(1));
                TargetName parent = TargetName.of(schema, found.getString(2));
                if (parent.equals(name)) {
                    children.add(child);
                } else {
                    parents.add(parent);
                }
            }
        }
    }

    boolean hasSchema(String schema) throws SQLException {
        try (PreparedStatement query = query("SELECT 1 FROM pragma_database_list WHERE name = ?", schema);
                ResultSet found = query.executeQuery()) {
            return found.next();
        }
    }
}
