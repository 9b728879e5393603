package dev.tailrace.view;

import dev.tailrace.config.Secret;
import dev.tailrace.config.Settings;
import dev.tailrace.event.TableId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one sink is shown. Its {@code toString} shows no secret.
 *
 * @param tables rules by {@code schema.table}; a table without an entry is shown whole
 * @param maskKey of the hashes; there when a column is hashed
 */
record ViewSettings(Map<String, TableRules> tables, Truncations truncations, Optional<Secret> maskKey) {
    private static final int SHORTEST_MASK_KEY = 16;

    /** What becomes of a truncation at the source. */
    enum Truncations {
        APPLY,
        IGNORE,
        HALT
    }

    ViewSettings {
        tables = Map.copyOf(tables);
    }

    boolean showsEverything() {
        return tables.isEmpty() && truncations == Truncations.APPLY;
    }

    Optional<TableRules> rules(TableId table) {
        return Optional.ofNullable(tables.get(table.toString()));
    }

    static ViewSettings read(Settings settings) {
        Settings keys = settings.nested("keys");
        Settings columns = settings.nested("columns");
        Settings where = settings.nested("where");
        Set<String> names = new TreeSet<>(keys.keys());
        names.addAll(columns.keys());
        names.addAll(where.keys());
        Map<String, TableRules> tables = new HashMap<>();
        for (String name : names) {
            TableRules ofColumns = columns.has(name) ? columns(columns.nested(name)) : TableRules.NONE;
            tables.put(
                    name,
                    ofColumns.with(
                            keys.has(name) ? key(keys, name) : List.of(),
                            where.has(name) ? condition(where, name) : Optional.empty()));
        }
        Optional<Secret> maskKey = settings.secret("mask-key");
        boolean hashes =
                tables.values().stream().anyMatch(rules -> !rules.hash().isEmpty());
        if (hashes && maskKey.isEmpty()) {
            settings.problem(
                    "mask-key", "is needed by the hashed columns: a secret, the same for all who compare hashes");
        } else if (maskKey.isPresent() && maskKey.get().reveal().length() < SHORTEST_MASK_KEY) {
            settings.problem(
                    "mask-key", "is shorter than " + SHORTEST_MASK_KEY + " characters: hashes could be guessed");
        }
        String truncations = settings.choice("truncate", "apply", List.of("apply", "ignore", "halt"));
        return new ViewSettings(tables, Truncations.valueOf(truncations.toUpperCase(Locale.ROOT)), maskKey);
    }

    private static List<String> key(Settings keys, String table) {
        List<String> columns = keys.texts(table, List.of());
        if (columns.isEmpty() || new HashSet<>(columns).size() < columns.size()) {
            keys.problem(table, "is not a list of different columns, such as [id, at]");
            return List.of();
        }
        return columns;
    }

    private static Optional<Condition> condition(Settings where, String table) {
        String text = where.text(table);
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(ConditionParser.parse(text));
        } catch (ConditionProblem e) {
            where.problem(table, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static TableRules columns(Settings columns) {
        Set<String> drop = new HashSet<>(columns.texts("drop", List.of()));
        Set<String> hash = new HashSet<>(columns.texts("hash", List.of()));
        Map<String, String> fixed = columns.passThrough("fixed");
        Map<String, String> rename = columns.passThrough("rename");
        List<String> seen = new ArrayList<>(drop);
        seen.addAll(hash);
        seen.addAll(fixed.keySet());
        Set<String> once = new HashSet<>();
        for (String column : seen) {
            if (!once.add(column)) {
                columns.problem("drop", "and hash and fixed name column " + column + " twice; choose one");
            }
        }
        Set<String> newNames = new HashSet<>();
        rename.forEach((from, to) -> {
            if (drop.contains(from)) {
                columns.problem("rename", "names column " + from + ", which is dropped");
            }
            if (to.isBlank() || !newNames.add(to)) {
                columns.problem("rename", "gives \"" + to + "\" to two columns, or names nothing");
            }
        });
        return new TableRules(List.of(), drop, hash, fixed, rename, Optional.empty());
    }

    @Override
    public String toString() {
        return "view with rules for " + tables.size() + " tables";
    }
}
