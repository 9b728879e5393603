package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement in the log.
 *
 * @param server uuid of the server whose log it is
 * @param file of the log
 * @param end position behind it
 * @param text without what the log adds
 */
record LogStatement(String server, String file, long end, String text) {
    private static final String NAME = "(?:`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\"|[\\p{L}\\p{N}_$]+)";
    private static final String COMMENTS = "^(?:\\s|/\\*(?!!).*?\\*/)*";

    private static final Pattern ABOUT_TABLES =
            Pattern.compile("\\bTABLES?\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern OF_ONE_TABLE = Pattern.compile(
            COMMENTS + "(ALTER|CREATE)\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?" + "(?<table>(?:" + NAME
                    + "\\s*\\.\\s*)?(?<name>" + NAME + "))(?![^\\s(])",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern OF_A_DATABASE =
            Pattern.compile(COMMENTS + "DROP\\s+(?:DATABASE|SCHEMA)\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern EMPTYING =
            Pattern.compile(COMMENTS + "TRUNCATE\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern OF_TWO_TABLES = Pattern.compile("\\b(?:RENAME|EXCHANGE)\\b", Pattern.CASE_INSENSITIVE);

    /** They change rows, rights or what is no column. */
    private static final Pattern OF_NO_SHAPE = Pattern.compile(
            COMMENTS + "(?:TRUNCATE|INSERT|UPDATE|DELETE|REPLACE|GRANT|REVOKE|ANALYZE|OPTIMIZE|REPAIR|FLUSH|SAVEPOINT"
                    + "|DROP\\s+(?:/\\*!\\d+\\s+)?TEMPORARY"
                    + "|(?:CREATE|DROP)\\s+(?:UNIQUE\\s+|FULLTEXT\\s+|SPATIAL\\s+)?INDEX"
                    + "|(?:CREATE|ALTER|DROP)\\s+(?:OR\\s+REPLACE\\s+)?(?:ALGORITHM\\s*=\\s*\\w+\\s+)?"
                    + "(?:DEFINER\\s*=\\s*\\S+\\s+)?(?:SQL\\s+SECURITY\\s+\\w+\\s+)?"
                    + "(?:JSON\\s+(?:RELATIONAL\\s+)?DUALITY\\s+)?"
                    + "(?:VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT|USER|ROLE))\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Whether it drops the database of a table, and the table with it. */
    boolean drops(TableId table) {
        return OF_A_DATABASE.matcher(text).find() && TableNames.in(text).has(table.schema());
    }

    /** For messages, in the form that MySQL's own tools take. */
    String place() {
        return file + ":" + end;
    }

    /** Whether what it does may depend on where it stands, because it speaks of a table. */
    boolean isAboutTables() {
        return ABOUT_TABLES.matcher(text).find();
    }

    /** Whether it takes all rows of a table away. */
    boolean empties() {
        return EMPTYING.matcher(text).find();
    }

    /** The table that is altered, as the statement spells it; null when it is another statement. */
    @Nullable
    String altered() {
        Matcher one = OF_ONE_TABLE.matcher(text);
        return one.find() && one.group(1).toUpperCase(Locale.ROOT).equals("ALTER") ? one.group("table") : null;
    }

    /**
     * Whether the statement may change the shape of a table of that name: rather once too often.
     *
     * @param name without its database
     */
    boolean mayChange(String name) {
        if (!TableNames.in(text).has(name) || OF_NO_SHAPE.matcher(text).matches()) {
            return false;
        }
        Matcher one = OF_ONE_TABLE.matcher(text);
        return !one.find()
                || OF_TWO_TABLES.matcher(text).find()
                || TableNames.in(one.group("name")).has(name);
    }
}
