package dev.tailrace.view;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How one table is shown. Columns are named as the source spells them.
 *
 * @param key columns that name a row in place of the primary key; empty: the source's key
 * @param drop columns that are not shown
 * @param hash columns of which a keyed hash is shown
 * @param fixed columns that show this text
 * @param rename other names for columns
 * @param where the rows that are shown; empty: all
 */
record TableRules(
        List<String> key,
        Set<String> drop,
        Set<String> hash,
        Map<String, String> fixed,
        Map<String, String> rename,
        Optional<Condition> where) {
    static final TableRules NONE = new TableRules(List.of(), Set.of(), Set.of(), Map.of(), Map.of(), Optional.empty());

    TableRules {
        key = List.copyOf(key);
        drop = Set.copyOf(drop);
        hash = Set.copyOf(hash);
        fixed = Map.copyOf(fixed);
        rename = Map.copyOf(rename);
    }

    TableRules with(List<String> declaredKey, Optional<Condition> condition) {
        return new TableRules(declaredKey, drop, hash, fixed, rename, condition);
    }

    @Override
    public String toString() {
        return "rules of a table";
    }
}
