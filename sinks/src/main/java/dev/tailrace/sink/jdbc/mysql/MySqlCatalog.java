package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        SELECT INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS
        WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0
        """;

    private static final String FOREIGN_KEYS = """
        SELECT DISTINCT TABLE_SCHEMA, TABLE_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME
        FROM information_schema.KEY_COLUMN_USAGE
        WHERE REFERENCED_TABLE_NAME IS NOT NULL
          AND (TABLE_SCHEMA = ? AND TABLE_NAME = ? OR REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?)
        """;

    private final Connection connection;

    MySqlCatalog(Connection connection) {
        this.connection = connection;
    }

    Optional<TargetTable> describe(TargetName name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TABLES)) {
            query.setString(1, name.schema().orElse(null));
            query.setString(2, name.table());
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    // The information schema may compare more loosely than the server itself does.
                    boolean folds = found.getInt(4) != 0;
                    TargetName full = TargetName.of(found.getString(1), found.getString(2));
                    if (full.table().equals(name.table())
                            || (folds && full.table().equalsIgnoreCase(name.table()))) {
                        return Optional.of(describe(full, Optional.ofNullable(found.getString(3))));
                    }
                }
                return Optional.empty();
            }
        }
    }

    private TargetTable describe(TargetName name, Optional<String> engine) throws SQLException {
        Set<TargetName> parents = new LinkedHashSet<>();
        Set<TargetName> children = new LinkedHashSet<>();
        foreignKeys(name, parents, children);
        List<Set<String>> keys = new ArrayList<>();
        int indexes = uniqueIndexes(name, keys);
        // TRUNCATE would commit what is open.
        return new TargetTable(name, columns(name), keys, indexes, parents, children, false, engine);
    }

    private PreparedStatement query(String text, TargetName name) throws SQLException {
        PreparedStatement query = connection.prepareStatement(text);
        query.setString(1, name.schema().orElse(null));
        query.setString(2, name.table());
        return query;
    }

    private Map<String, TargetColumn> columns(TargetName name) throws SQLException {
        Map<String, TargetColumn> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try (PreparedStatement query = query(COLUMNS, name);
                ResultSet found = query.executeQuery()) {
            while (found.next()) {
                String extra = found.getString(6).toUpperCase(Locale.ROOT);
                boolean nullable = found.getString(4).equals("YES");
                // MariaDB shows the expression, also that of no default.
                boolean filled = (found.getString(5) != null
                                && !(nullable && found.getString(5).equals("NULL")))
                        || extra.contains("AUTO_INCREMENT")
                        || extra.contains("DEFAULT_GENERATED");
                columns.put(
                        found.getString(1),
                        new TargetColumn(
                                found.getString(1),
                                found.getString(2).toLowerCase(Locale.ROOT),
                                declared(found.getString(3)),
                                found.getString(4).equals("NO"),
                                filled,
                                false,
                                extra.contains("VIRTUAL GENERATED")
                                        || extra.contains("STORED GENERATED")
                                        || extra.contains("PERSISTENT"),
                                Optional.ofNullable(found.getString(7))));
            }
        }
        return columns;
    }

    /** Without the display widths that mean nothing; MariaDB still prints them. Members of an enum keep their case. */
    static String declared(String columnType) {
        return columnType.startsWith("enum(") || columnType.startsWith("set(") || columnType.startsWith("tinyint(1)")
                ? columnType
                : columnType
                        .toLowerCase(Locale.ROOT)
                        .replaceFirst("^(tinyint|smallint|mediumint|int|bigint|year)\\(\\d+\\)", "$1");
    }

    private int uniqueIndexes(TargetName name, List<Set<String>> keys) throws SQLException {
        Map<String, Set<String>> indexes = new LinkedHashMap<>();
        Set<String> partial = new LinkedHashSet<>();
        try (PreparedStatement query = query(INDEXES, name);
                ResultSet found = query.executeQuery()) {
            while (found.next()) {
                String index = found.getString(1);
                String column = found.getString(2);
                Set<String> columns = indexes.computeIfAbsent(index, i -> new LinkedHashSet<>());
                if (column == null || found.getString(3) != null) {
                    partial.add(index);
                } else {
                    columns.add(column);
                }
            }
        }
        indexes.forEach((index, columns) -> {
            if (!partial.contains(index)) {
                keys.add(columns);
            }
        });
        return indexes.size();
    }

    private void foreignKeys(TargetName name, Set<TargetName> parents, Set<TargetName> children) throws SQLException {
        try (PreparedStatement query = query(FOREIGN_KEYS, name)) {
            query.setString(3, name.schema().orElse(null));
            query.setString(4, name.table());
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    TargetName child = TargetName.of(found.getString(1), found.getString(2));
                    TargetName parent = TargetName.of(found.getString(3), found.getString(4));
                    if (parent.equals(name)) {
                        children.add(child);
                    } else if (child.equals(name)) {
                        parents.add(parent);
                    }
                }
            }
        }
    }

    boolean hasDatabase(String database) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?")) {
            query.setString(1, database);
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }
}
