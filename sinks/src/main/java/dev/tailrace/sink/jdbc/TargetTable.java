package dev.tailrace.sink.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A table at the target as found in its catalog.
 *
 * @param columns by name, in the table's order
 * @param uniqueKeys the column sets that an upsert can name: unique, whole, checked at once
 * @param parents tables that its foreign keys reference, itself left out
 * @param children tables whose foreign keys reference it, itself left out
 * @param mayTruncate whether TRUNCATE is allowed to this user
 * @param missingRights of INSERT, UPDATE, DELETE, SELECT those that this user lacks
 */
record TargetTable(
        TargetName name,
        Map<String, TargetColumn> columns,
        List<Set<String>> uniqueKeys,
        Set<TargetName> parents,
        Set<TargetName> children,
        boolean mayTruncate,
        List<String> missingRights) {

    Optional<TargetColumn> column(String column) {
        return Optional.ofNullable(columns.get(column));
    }
}
