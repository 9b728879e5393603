package dev.tailrace.sink.jdbc.h2;

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

    private final Connection connection;

    H2Catalog(Connection connection) {
        this.connection = connection;
    }

    Optional<TargetTable> describe(TargetName wanted) throws SQLException {
        TargetName name;
        try (PreparedStatement query = query(TABLE, wanted);
                ResultSet found = query.executeQuery()) {
            if (!found.next()) {
                return Optional.empty();
            }
            name = TargetName.of(found.getString(1), found.getString(2));
        }
        Set<TargetName> parents = new LinkedHashSet<>();
        Set<TargetName> children = new LinkedHashSet<>();
        foreignKeys(name, parents, children);
        List<Set<String>> keys = keys(name);
        // TRUNCATE would commit what is open.
        return Optional.of(
                new TargetTable(name, columns(name), keys, keys.size(), parents, children, false, Optional.empty()));
    }

    private PreparedStatement query(String text, TargetName name) throws SQLException {
        PreparedStatement query = connection.prepareStatement(text);
        query.setString(1, name.schema().orElse(null));
        query.setString(2, name.table());
        return query;
    }

    private Map<String, TargetColumn> columns(TargetName name) throws SQLException {
        Map<String, TargetColumn> columns = new LinkedHashMap<>();
        try (PreparedStatement query = query(COLUMNS, name);
                ResultSet found = query.executeQuery()) {
            while (found.next()) {
                boolean identity = "YES".equals(found.getString(6));
                columns.put(
                        found.getString(1),
                        new TargetColumn(
                                found.getString(1),
                                found.getString(2).toUpperCase(Locale.ROOT),
                                found.getString(3),
                                found.getString(4).equals("NO"),
                                found.getString(5) != null || identity,
                                identity && "ALWAYS".equals(found.getString(7)),
                                "ALWAYS".equals(found.getString(8)),
                                Optional.empty()));
            }
        }
        return columns;
    }

    private List<Set<String>> keys(TargetName name) throws SQLException {
        Map<String, Set<String>> keys = new LinkedHashMap<>();
        try (PreparedStatement query = query(INDEXES, name);
                ResultSet found = query.executeQuery()) {
            while (found.next()) {
                keys.computeIfAbsent(found.getString(1), k -> new LinkedHashSet<>())
                        .add(found.getString(2));
            }
        }
        return new ArrayList<>(keys.values());
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
                    } else {
                        parents.add(parent);
                    }
                }
            }
        }
    }

    boolean hasSchema(String schema) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?")) {
            query.setString(1, schema);
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }

    /** Whether the user may do everything, forcing the file to the disk included. */
    boolean isAdministrator() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                        "SELECT is_admin FROM information_schema.users WHERE user_name = CURRENT_USER");
                ResultSet found = query.executeQuery()) {
            return found.next() && found.getBoolean(1);
        }
    }
}
