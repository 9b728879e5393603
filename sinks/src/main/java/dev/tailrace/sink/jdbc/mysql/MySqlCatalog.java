package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.sink.jdbc.CatalogQuery;
import dev.tailrace.sink.jdbc.CatalogQuery.References;
import dev.tailrace.sink.jdbc.CatalogQuery.UniqueKeys;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the information schema of MySQL or MariaDB. Names of columns compare without regard to case, as they do there. */
final class MySqlCatalog {
    private static final String TABLES = """
        SELECT TABLE_SCHEMA, TABLE_NAME, ENGINE, @@lower_case_table_names FROM information_schema.TABLES
        WHERE TABLE_SCHEMA = coalesce(?, DATABASE()) AND TABLE_NAME = ?
        """;

    private static final String COLUMNS = """
        SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLLATION_NAME
        FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION
        """;

    /** A part of a value, or an expression over columns, is unique too; an upsert cannot name it. */
    private static final String INDEXES = """
        SELECT INDEX_NAME, CASE WHEN SUB_PART IS NULL THEN COLUMN_NAME END FROM information_schema.STATISTICS
        WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0
        """;

    /** Seen only by whoever has the TRIGGER privilege. */
    private static final String TRIGGERS = """
        SELECT 1 FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ? LIMIT 1
        """;

    private static final String FOREIGN_KEYS = """
        SELECT DISTINCT TABLE_SCHEMA, TABLE_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME
        FROM information_schema.KEY_COLUMN_USAGE
        WHERE REFERENCED_TABLE_NAME IS NOT NULL
          AND (TABLE_SCHEMA = ? AND TABLE_NAME = ? OR REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?)
        """;

    private final CatalogQuery catalog;

    MySqlCatalog(Connection connection) {
        this.catalog = new CatalogQuery(connection);
    }

    Optional<TargetTable> describe(TargetName wanted) throws SQLException {
        List<Optional<TargetTable>> found = catalog.rows(
                TABLES,
                row -> {
                    // The information schema may compare more loosely than the server itself does.
                    boolean folds = row.getInt(4) != 0;
                    TargetName name = TargetName.of(row.getString(1), row.getString(2));
                    boolean same = name.table().equals(wanted.table())
                            || (folds && name.table().equalsIgnoreCase(wanted.table()));
                    return same
                            ? Optional.of(describe(name, Optional.ofNullable(row.getString(3))))
                            : Optional.<TargetTable>empty();
                },
                wanted.schema().orElse(null),
                wanted.table());
        return found.stream().flatMap(Optional::stream).findFirst();
    }

    private TargetTable describe(TargetName name, Optional<String> engine) throws SQLException {
        String schema = name.schema().orElse("");
        Map<String, TargetColumn> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (TargetColumn column : catalog.rows(COLUMNS, MySqlCatalog::column, schema, name.table())) {
            columns.put(column.name(), column);
        }
        UniqueKeys keys = catalog.uniqueKeys(INDEXES, schema, name.table());
        References references = catalog.references(name, FOREIGN_KEYS, schema, name.table(), schema, name.table());
        boolean triggers = catalog.finds(TRIGGERS, schema, name.table());
        // TRUNCATE would commit what is open.
        return new TargetTable(name, columns, keys.columns(), keys.indexes(), references, triggers, false, engine);
    }

    private static TargetColumn column(ResultSet row) throws SQLException {
        String extra = row.getString(6).toUpperCase(Locale.ROOT);
        boolean nullable = row.getString(4).equals("YES");
        // MariaDB shows the expression, also that of no default.
        boolean filled =
                (row.getString(5) != null && !(nullable && row.getString(5).equals("NULL")))
                        || extra.contains("AUTO_INCREMENT")
                        || extra.contains("DEFAULT_GENERATED");
        boolean generated = extra.contains("VIRTUAL GENERATED")
                || extra.contains("STORED GENERATED")
                || extra.contains("PERSISTENT");
        return new TargetColumn(
                row.getString(1),
                row.getString(2).toLowerCase(Locale.ROOT),
                declared(row.getString(3)),
                row.getString(4).equals("NO"),
                filled,
                false,
                generated,
                Optional.ofNullable(row.getString(7)));
    }

    /** Without the display widths that mean nothing; MariaDB still prints them. Members of an enum keep their case. */
    static String declared(String columnType) {
        return columnType.startsWith("enum(") || columnType.startsWith("set(") || columnType.startsWith("tinyint(1)")
                ? columnType
                : columnType
                        .toLowerCase(Locale.ROOT)
                        .replaceFirst("^(tinyint|smallint|mediumint|int|bigint|year)\\(\\d+\\)", "$1");
    }

    boolean hasDatabase(String database) throws SQLException {
        return catalog.finds("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", database);
    }
}
