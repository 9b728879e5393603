package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Every word of a statement that may be a name, in any case and without what quotes it. Tables are found by their bare
 * names: rather one too many than one missed.
 */
final class TableNames {
    private static final Pattern NAME = Pattern.compile("`((?:[^`]|``)+)`|\"((?:[^\"]|\"\")+)\"|([\\p{L}\\p{N}_$]+)");

    private final Set<String> words = new HashSet<>();

    /** Written over a connection whose character set the log does not tell: any name beyond ASCII may be meant. */
    private final boolean garbled;

    private TableNames(String statement) {
        garbled = statement.indexOf('\uFFFD') >= 0;
        Matcher name = NAME.matcher(statement);
        while (name.find()) {
            String found = name.group(1) != null
                    ? name.group(1).replace("``", "`")
                    : name.group(2) != null ? name.group(2).replace("\"\"", "\"") : name.group(3);
            words.add(found.toLowerCase(Locale.ROOT));
        }
    }

    static TableNames in(String statement) {
        return new TableNames(statement);
    }

    boolean has(String name) {
        return words.contains(name.toLowerCase(Locale.ROOT))
                || (garbled && !name.chars().allMatch(c -> c < 128));
    }

    Set<TableId> of(Collection<TableId> tables) {
        return tables.stream().filter(table -> has(table.table())).collect(Collectors.toSet());
    }
}
