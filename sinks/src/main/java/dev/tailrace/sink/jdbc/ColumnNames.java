package dev.tailrace.sink.jdbc;

import java.util.Map;
import java.util.Set;

/**
 * Where the columns of one shape are at the target.
 *
 * @param renamed the target's name by the shape's, where they differ because the column was renamed after that shape
 * @param leftOut columns whose values are not written, because the target has none of that name
 */
record ColumnNames(Map<String, String> renamed, Set<String> leftOut) {
    /** Every column is written under its own name. */
    static final ColumnNames OWN = new ColumnNames(Map.of(), Set.of());

    ColumnNames {
        renamed = Map.copyOf(renamed);
        leftOut = Set.copyOf(leftOut);
    }

    String of(String column) {
        return renamed.getOrDefault(column, column);
    }
}
