package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.jdbc.CatalogQuery.References;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table at the target as found in its catalog.
 *
 * @param columns by name as this database compares names, in the table's order where that matters
 * @param uniqueKeys the column sets that an upsert can name: unique, whole, checked at once
 * @param uniqueIndexes how many unique indexes there are, those that an upsert cannot name included
 * @param references the tables that foreign keys tie to it
 * @param hasTriggers whether something of the target's own runs with its rows, as far as this user sees that
 * @param mayTruncate whether TRUNCATE is allowed to this user and part of a transaction
 * @param engine what stores it, where the database has a choice
 */
public record TargetTable(
        TargetName name,
        Map<String, TargetColumn> columns,
        List<Set<String>> uniqueKeys,
        int uniqueIndexes,
        References references,
        boolean hasTriggers,
        boolean mayTruncate,
        Optional<String> engine) {

    /** Tables that its foreign keys reference, itself left out. */
    Set<TargetName> parents() {
        return references.parents();
    }

    /** Tables whose foreign keys reference it, itself included when one does. */
    public Set<TargetName> children() {
        return references.children();
    }

    /** Whether a deletion may reach further rows, or be refused because of them. */
    boolean isReferenced() {
        return !children().isEmpty();
    }

    public Optional<TargetColumn> column(String column) {
        return Optional.ofNullable(columns.get(column));
    }
}
