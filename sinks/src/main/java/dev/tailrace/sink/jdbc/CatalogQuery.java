package dev.tailrace.sink.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Questions to the catalog of one database. */
public final class CatalogQuery {
    private final Connection connection;

    public CatalogQuery(Connection connection) {
        this.connection = connection;
    }

    /** What one row says. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All rows, in the query's order. */
    public <T> List<T> rows(String sql, Reader<T> reader, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setObject(i + 1, parameters[i]);
            }
            List<T> found = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        }
    }

    /** Whether there is any row. */
    public boolean finds(String sql, @Nullable Object... parameters) throws SQLException {
        return !rows(sql, row -> true, parameters).isEmpty();
    }

    /**
     * The tables that foreign keys tie to this one.
     *
     * @param sql gives the schema and name of the table with the key, then those of the one that it references
     */
    public References references(TargetName table, String sql, @Nullable Object... parameters) throws SQLException {
        Set<TargetName> parents = new LinkedHashSet<>();
        Set<TargetName> children = new LinkedHashSet<>();
        rows(
                sql,
                row -> {
                    TargetName child = TargetName.of(row.getString(1), row.getString(2));
                    TargetName parent = TargetName.of(row.getString(3), row.getString(4));
                    if (parent.equals(table)) {
                        return children.add(child);
                    }
                    return child.equals(table) && parents.add(parent);
                },
                parameters);
        return new References(parents, children);
    }

    /**
     * The unique indexes of a table.
     *
     * @param sql gives an index and one of its columns; null for what is unique there and is no whole column of all rows
     */
    public UniqueKeys uniqueKeys(String sql, @Nullable Object... parameters) throws SQLException {
        Map<String, Set<String>> keys = new LinkedHashMap<>();
        Set<String> partial = new HashSet<>();
        rows(
                sql,
                row -> {
                    String index = row.getString(1);
                    String column = row.getString(2);
                    Set<String> columns = keys.computeIfAbsent(index, k -> new LinkedHashSet<>());
                    return column == null ? partial.add(index) : columns.add(column);
                },
                parameters);
        int indexes = keys.size();
        keys.keySet().removeAll(partial);
        return new UniqueKeys(new ArrayList<>(keys.values()), indexes);
    }

    /**
     * The unique indexes of a table, as {@link TargetTable} has them.
     *
     * @param columns of those that an upsert can name
     * @param indexes how many there are
     */
    public record UniqueKeys(List<Set<String>> columns, int indexes) {}

    /**
     * Tables one foreign key away, as {@link TargetTable} has them.
     *
     * @param parents that it references, itself left out
     * @param children that reference it, itself included when one does
     */
    public record References(Set<TargetName> parents, Set<TargetName> children) {}
}
