package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.sink.jdbc.CatalogQuery;
import dev.tailrace.sink.jdbc.CatalogQuery.References;
import dev.tailrace.sink.jdbc.CatalogQuery.UniqueKeys;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
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

    /** Over some rows only, or over an expression: nothing that an upsert can name. */
    private static final String INDEXES = """
        SELECT i.name, CASE WHEN NOT i.partial THEN c.name END
        FROM pragma_index_list(?, ?) i JOIN pragma_index_xinfo(i.name, ?) c ON c."key" = 1
        WHERE i."unique" = 1
        ORDER BY i.origin = 'c', i.seq, c.seqno
        """;

    /** Of columns in unique indexes, which take it over from their column. */
    private static final String COLLATIONS = """
        SELECT c.name, c.coll
        FROM pragma_index_list(?, ?) i JOIN pragma_index_xinfo(i.name, ?) c ON c."key" = 1 AND c.name IS NOT NULL
        WHERE i."unique" = 1 AND NOT i.partial
        ORDER BY i.origin = 'c', i.seq, c.seqno
        """;

    private static final String TRIGGERS =
            "SELECT 1 FROM \"%s\".sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE LIMIT 1";

    private static final String FOREIGN_KEYS = """
        SELECT DISTINCT child.schema, child.name, parent.schema, parent.name
        FROM pragma_table_list child, pragma_foreign_key_list(child.name, child.schema) k
        JOIN pragma_table_list parent ON parent.schema = child.schema AND parent.name = k."table" COLLATE NOCASE
        WHERE child.schema = ? AND child.type = 'table' AND (child.name = ? OR parent.name = ?)
        """;

    private final CatalogQuery catalog;

    /** A table by the name that it was created with. */
    private record Named(TargetName name, boolean withoutRowid) {}

    /** A column and its place in the primary key, 0 for none. */
    private record Placed(TargetColumn column, int inKey) {}

    SqliteCatalog(Connection connection) {
        this.catalog = new CatalogQuery(connection);
    }

    Optional<TargetTable> describe(TargetName wanted) throws SQLException {
        String schema = wanted.schema().orElse(MAIN);
        List<Named> found = catalog.rows(
                TABLE,
                row -> new Named(TargetName.of(schema, row.getString(1)), row.getBoolean(2)),
                schema,
                wanted.table());
        return found.isEmpty() ? Optional.empty() : Optional.of(describe(found.get(0), schema));
    }

    private TargetTable describe(Named table, String schema) throws SQLException {
        TargetName name = table.name();
        Map<String, String> collations = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        catalog.rows(
                COLLATIONS,
                row -> Optional.ofNullable(collations.putIfAbsent(row.getString(1), row.getString(2))),
                name.table(),
                schema,
                schema);
        Map<String, TargetColumn> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<Integer, String> primary = new TreeMap<>();
        for (Placed placed : catalog.rows(COLUMNS, row -> column(row, table, collations), name.table(), schema)) {
            columns.put(placed.column().name(), placed.column());
            if (placed.inKey() > 0) {
                primary.put(placed.inKey(), placed.column().name());
            }
        }
        UniqueKeys indexed = catalog.uniqueKeys(INDEXES, name.table(), schema, schema);
        List<Set<String>> keys = new ArrayList<>(indexed.columns());
        int unique = indexed.indexes();
        Set<String> key = new LinkedHashSet<>(primary.values());
        // The number of the row is a key without an index.
        if (!key.isEmpty() && !keys.contains(key)) {
            keys.add(key);
            unique++;
        }
        References references = catalog.references(name, FOREIGN_KEYS, schema, name.table(), name.table());
        boolean triggers = catalog.finds(TRIGGERS.formatted(schema), name.table());
        return new TargetTable(name, columns, keys, unique, references, triggers, false, Optional.empty());
    }

    private static Placed column(ResultSet row, Named table, Map<String, String> collations) throws SQLException {
        String name = row.getString(1);
        String type = row.getString(2);
        int inKey = row.getInt(5);
        // Null becomes the number of the row.
        boolean numbered = !table.withoutRowid() && inKey > 0 && type.equalsIgnoreCase("INTEGER");
        Affinity affinity = Affinity.of(type);
        TargetColumn column = new TargetColumn(
                name,
                affinity.word(),
                affinity == Affinity.NUMERIC ? type.toLowerCase(Locale.ROOT) : affinity.word(),
                row.getBoolean(3),
                row.getString(4) != null || numbered,
                false,
                row.getInt(6) >= 2,
                Optional.ofNullable(collations.get(name)));
        return new Placed(column, inKey);
    }

    boolean hasSchema(String schema) throws SQLException {
        return catalog.finds("SELECT 1 FROM pragma_database_list WHERE name = ?", schema);
    }
}
