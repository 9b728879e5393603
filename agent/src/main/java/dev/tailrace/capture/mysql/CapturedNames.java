package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells captured tables by the names that statements have for them, in whatever case the server takes for the same. */
final class CapturedNames {
    /** A character that could not be read. */
    private static final char UNREADABLE = '\uFFFD';

    private static final Set<String> SYSTEM = Set.of("mysql", "sys", "information_schema", "performance_schema");

    private final List<Pattern> tables;
    private final List<Pattern> databases;
    private final boolean caseless;

    /**
     * @param globs of captured tables
     * @param caseless whether names that differ by case only are the same to the server
     */
    CapturedNames(List<String> globs, boolean caseless) {
        this.tables = globs.stream()
                .map(glob -> pattern(MySqlOptions.regex(glob), caseless))
                .toList();
        this.databases = MySqlOptions.databases(globs)
                .map(database -> pattern(MySqlOptions.regex(database), caseless))
                .toList();
        this.caseless = caseless;
    }

    private static Pattern pattern(String regex, boolean caseless) {
        return caseless
                ? Pattern.compile(
                        regex.replace("(?-i)", ""), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL)
                : Pattern.compile(regex, Pattern.DOTALL);
    }

    /** Whether a table of that name is captured, or may be, when a part of the name could not be read. */
    boolean mayBe(TableId table) {
        String database = caseless ? table.schema().toLowerCase(Locale.ROOT) : table.schema();
        if (SYSTEM.contains(database)) {
            return false;
        }
        if (isUnreadable(table.schema())) {
            return true;
        }
        return isUnreadable(table.table())
                ? matches(databases, table.schema())
                : matches(tables, table.schema() + "." + table.table());
    }

    private static boolean isUnreadable(String name) {
        return name.indexOf(UNREADABLE) >= 0;
    }

    private static boolean matches(List<Pattern> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}
