package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.sink.jdbc.CatalogQuery;
import dev.tailrace.sink.jdbc.CatalogQuery.UniqueKeys;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads PostgreSQL's catalog: tables with columns, unique keys and foreign keys. */
final class PostgresCatalog {
    private static final String TABLE = """
        SELECT c.oid, n.nspname, has_table_privilege(c.oid, 'TRUNCATE'),
               EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
                       AND t.tgenabled <> 'D')
               OR EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1'
                          AND r.ev_enabled <> 'D')
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

    /** An upsert cannot name one that is checked later, holds a part of the rows or a computed value, or only excludes. */
    private static final String KEYS = """
        SELECT i.indexrelid,
               CASE WHEN i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
                    THEN a.attname END
        FROM pg_catalog.pg_index i
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
            AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
        WHERE i.indrelid = ? AND (i.indisunique OR i.indisexclusion)
        """;

    private static final String FOREIGN_KEYS = """
        SELECT DISTINCT cn.nspname, c.relname, pn.nspname, p.relname
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
        JOIN pg_catalog.pg_class p ON p.oid = k.confrelid JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
        WHERE k.contype = 'f' AND ? IN (k.conrelid, k.confrelid)
        """;

    private static final String PRIMARY_KEY = """
        SELECT k.conname FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE k.contype = 'p' AND n.nspname = coalesce(?, current_schema()) AND c.relname = ?
        """;

    private final CatalogQuery catalog;

    /** A table as the catalog numbers it. */
    private record Numbered(long oid, TargetName name, boolean mayTruncate, boolean hasTriggers) {}

    PostgresCatalog(Connection connection) {
        this.catalog = new CatalogQuery(connection);
    }

    Optional<TargetTable> describe(TargetName wanted) throws SQLException {
        List<Numbered> found = catalog.rows(
                TABLE,
                row -> new Numbered(
                        row.getLong(1),
                        TargetName.of(row.getString(2), wanted.table()),
                        row.getBoolean(3),
                        row.getBoolean(4)),
                wanted.schema().orElse(null),
                wanted.table());
        return found.isEmpty() ? Optional.empty() : Optional.of(describe(found.get(0)));
    }

    private TargetTable describe(Numbered table) throws SQLException {
        Map<String, TargetColumn> columns = new LinkedHashMap<>();
        for (TargetColumn column : catalog.rows(COLUMNS, PostgresCatalog::column, table.oid())) {
            columns.put(column.name(), column);
        }
        UniqueKeys keys = catalog.uniqueKeys(KEYS, table.oid());
        return new TargetTable(
                table.name(),
                columns,
                keys.columns(),
                keys.indexes(),
                catalog.references(table.name(), FOREIGN_KEYS, table.oid()),
                table.hasTriggers(),
                table.mayTruncate(),
                Optional.empty());
    }

    private static TargetColumn column(ResultSet row) throws SQLException {
        return new TargetColumn(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                Optional.empty());
    }

    /** The name of the table's primary key constraint. */
    Optional<String> primaryKey(TargetName name) throws SQLException {
        return catalog.rows(PRIMARY_KEY, row -> row.getString(1), name.schema().orElse(null), name.table()).stream()
                .findFirst();
    }

    boolean hasSchema(String schema) throws SQLException {
        return catalog.finds("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", schema);
    }
}
