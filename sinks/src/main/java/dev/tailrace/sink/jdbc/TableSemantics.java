package dev.tailrace.sink.jdbc;

import java.util.Map;
import java.util.Optional;

/**
 * What rows and tables at the target stand for, where it is not the plain copy.
 *
 * @param fullRows whether a table without a key is written as a multiset of rows; else it is refused
 * @param deletedColumn holds when a row was deleted, which then stays; empty: it goes
 * @param names of targets that are not made from the template, by {@code schema.table}
 */
public record TableSemantics(boolean fullRows, Optional<String> deletedColumn, Map<String, TargetName> names) {
    public TableSemantics {
        names = Map.copyOf(names);
    }
}
