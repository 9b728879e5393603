package dev.tailrace.sink.jdbc.postgres;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads PostgreSQL's catalog: tables with columns, unique keys and foreign keys. */
final class PostgresCatalog {
    private static final String TABLE = """
        SELECT c.oid, n.nspname, has_table_privilege(c.oid, 'TRUNCATE')
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = coalesce(?, current_schema()) AND c.relname = ? AND c.relkind IN ('r', 'p', 'f', 'v')
        """;

    /** A domain is resolved to what is below it: a cast to the domain would cut a text that is too long. */
    private static final String COLUMNS = """
        SELECT a.attname, base.name, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull OR t.typnotnull,
               a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL,
               a.attidentity = 'a', a.attgenerated <> ''
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        CROSS JOIN LATERAL (
            WITH RECURSIVE below(oid, typtype, parent) AS (
                SELECT t.oid, t.typtype, t.typbasetype
                UNION ALL
                SELECT p.oid, p.typtype, p.typbasetype
                FROM below JOIN pg_catalog.pg_type p ON p.oid = below.parent AND below.typtype = 'd')
            SELECT pg_catalog.format_type(oid, -1) AS name FROM below WHERE typtype <> 'd') base
        WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """;

    private static final String KEYS = """
        SELECT i.indexrelid, a.attname
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
            AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
        WHERE i.indrelid = ? AND i.indisunique AND i.indimmediate AND i.indisvalid
          AND i.indpred IS NULL AND i.indexprs IS NULL
        """;

    private static final String FOREIGN_KEYS = """
        SELECT DISTINCT k.conrelid = ? AND k.conrelid <> k.confrelid, n.nspname, c.relname
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = CASE WHEN k.conrelid = ? THEN k.confrelid ELSE k.conrelid END
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE k.contype = 'f' AND ? IN (k.conrelid, k.confrelid)
        """;

    private final Connection connection;

    PostgresCatalog(Connection connection) {
        this.connection = connection;
    }

    Optional<TargetTable> describe(TargetName name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TABLE)) {
            query.setString(1, name.schema().orElse(null));
            query.setString(2, name.table());
            try (ResultSet found = query.executeQuery()) {
                if (!found.next()) {
                    return Optional.empty();
                }
                long oid = found.getLong(1);
                TargetName full = TargetName.of(found.getString(2), name.table());
                Set<TargetName> parents = new LinkedHashSet<>();
                Set<TargetName> children = new LinkedHashSet<>();
                foreignKeys(oid, parents, children);
                List<Set<String>> keys = keys(oid);
                return Optional.of(new TargetTable(
                        full,
                        columns(oid),
                        keys,
                        keys.size(),
                        parents,
                        children,
                        found.getBoolean(3),
                        Optional.empty()));
            }
        }
    }

    private Map<String, TargetColumn> columns(long oid) throws SQLException {
        Map<String, TargetColumn> columns = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setLong(1, oid);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    String name = found.getString(1);
                    columns.put(
                            name,
                            new TargetColumn(
                                    name,
                                    found.getString(2),
                                    found.getString(3),
                                    found.getBoolean(4),
                                    found.getBoolean(5),
                                    found.getBoolean(6),
                                    found.getBoolean(7),
                                    Optional.empty()));
                }
            }
        }
        return columns;
    }

    private List<Set<String>> keys(long oid) throws SQLException {
        Map<Long, Set<String>> keys = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(KEYS)) {
            query.setLong(1, oid);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    keys.computeIfAbsent(found.getLong(1), k -> new LinkedHashSet<>())
                            .add(found.getString(2));
                }
            }
        }
        return new ArrayList<>(keys.values());
    }

    private void foreignKeys(long oid, Set<TargetName> parents, Set<TargetName> children) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(FOREIGN_KEYS)) {
            query.setLong(1, oid);
            query.setLong(2, oid);
            query.setLong(3, oid);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    (found.getBoolean(1) ? parents : children)
                            .add(TargetName.of(found.getString(2), found.getString(3)));
                }
            }
        }
    }

    /** The name of the table's primary key constraint. */
    Optional<String> primaryKey(TargetName name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT k.conname FROM pg_catalog.pg_constraint k"
                + " JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE k.contype = 'p' AND n.nspname = coalesce(?, current_schema()) AND c.relname = ?")) {
            query.setString(1, name.schema().orElse(null));
            query.setString(2, name.table());
            try (ResultSet found = query.executeQuery()) {
                return found.next() ? Optional.of(found.getString(1)) : Optional.empty();
            }
        }
    }

    boolean hasSchema(String schema) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?")) {
            query.setString(1, schema);
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }
}
