package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.sink.jdbc.CatalogQuery;
import dev.tailrace.sink.jdbc.CatalogQuery.References;
import dev.tailrace.sink.jdbc.CatalogQuery.UniqueKeys;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads H2's information schema. Its own names are unquoted: how they are spelled depends on the URL's settings. */
final class H2Catalog {
    private static final String TABLE = """
        SELECT table_schema, table_name FROM information_schema.tables
        WHERE table_schema = COALESCE(?, SCHEMA()) AND table_name = ?
        """;

    private static final String COLUMNS = """
        SELECT column_name, data_type, DATA_TYPE_SQL(table_schema, table_name, 'TABLE', dtd_identifier),
               is_nullable, column_default, is_identity, identity_generation, is_generated
        FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position
        """;

    private static final String INDEXES = """
        SELECT c.index_name, c.column_name
        FROM information_schema.index_columns c
        WHERE c.table_schema = ? AND c.table_name = ? AND c.is_unique
        ORDER BY c.index_name, c.ordinal_position
        """;

    private static final String TRIGGERS = """
        SELECT 1 FROM information_schema.triggers WHERE event_object_schema = ? AND event_object_table = ?
        """;

    private static final String FOREIGN_KEYS = """
        SELECT DISTINCT child.table_schema, child.table_name, parent.table_schema, parent.table_name
        FROM information_schema.referential_constraints k
        JOIN information_schema.table_constraints child
            ON child.constraint_schema = k.constraint_schema AND child.constraint_name = k.constraint_name
        JOIN information_schema.table_constraints parent
            ON parent.constraint_schema = k.unique_constraint_schema
            AND parent.constraint_name = k.unique_constraint_name
        WHERE child.table_schema = ? AND child.table_name = ?
           OR parent.table_schema = ? AND parent.table_name = ?
        """;

    private final CatalogQuery catalog;

    H2Catalog(Connection connection) {
        this.catalog = new CatalogQuery(connection);
    }

    Optional<TargetTable> describe(TargetName wanted) throws SQLException {
        Optional<TargetName> name = catalog
                .rows(
                        TABLE,
                        row -> TargetName.of(row.getString(1), row.getString(2)),
                        wanted.schema().orElse(null),
                        wanted.table())
                .stream()
                .findFirst();
        return name.isPresent()
                ? Optional.of(describe(name.get(), name.get().schema().orElse("")))
                : Optional.empty();
    }

    private TargetTable describe(TargetName name, String schema) throws SQLException {
        Map<String, TargetColumn> columns = new LinkedHashMap<>();
        for (TargetColumn column : catalog.rows(COLUMNS, H2Catalog::column, schema, name.table())) {
            columns.put(column.name(), column);
        }
        UniqueKeys keys = catalog.uniqueKeys(INDEXES, schema, name.table());
        References references = catalog.references(name, FOREIGN_KEYS, schema, name.table(), schema, name.table());
        boolean triggers = catalog.finds(TRIGGERS, schema, name.table());
        // TRUNCATE would commit what is open.
        return new TargetTable(
                name, columns, keys.columns(), keys.indexes(), references, triggers, false, Optional.empty());
    }

    private static TargetColumn column(ResultSet row) throws SQLException {
        boolean identity = "YES".equals(row.getString(6));
        return new TargetColumn(
                row.getString(1),
                row.getString(2).toUpperCase(Locale.ROOT),
                row.getString(3),
                row.getString(4).equals("NO"),
                row.getString(5) != null || identity,
                identity && "ALWAYS".equals(row.getString(7)),
                "ALWAYS".equals(row.getString(8)),
                Optional.empty());
    }

    boolean hasSchema(String schema) throws SQLException {
        return catalog.finds("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", schema);
    }

    /** Whether the user may do everything, forcing the file to the disk included. */
    boolean isAdministrator() throws SQLException {
        return catalog.finds("SELECT 1 FROM information_schema.users WHERE user_name = CURRENT_USER AND is_admin");
    }
}
