package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineOptions;
import dev.tailrace.capture.SourceErrors;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import io.debezium.relational.history.SchemaHistory;
import io.debezium.text.MultipleParsingExceptions;
import io.debezium.text.ParsingException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Statements of definition that the engine's parser does not understand. One that names no captured table cannot change the
 * shape of any: it is left out from then on, by the engine's own filter, and the stream goes on. One that does would make
 * the rows behind it unreadable, or readable in a wrong way, and stops the capture (I7). Thread-safe.
 */
final class SkippedStatements {
    private static final int DEEPEST = 20;
    private static final int SHOWN = 200;
    private static final Pattern NAME = Pattern.compile("`((?:[^`]|``)+)`|\"((?:[^\"]|\"\")+)\"|([\\p{L}\\p{N}_$]+)");

    private final Set<String> statements = new ConcurrentSkipListSet<>();

    /** The engine's filter of statements: its own and ours. */
    String filter() {
        String own = SchemaHistory.DDL_FILTER.defaultValueAsString();
        return statements.isEmpty()
                ? own
                : own + "," + statements.stream().map(EngineOptions::regex).collect(Collectors.joining(","));
    }

    /**
     * What a failure means that is about a statement; empty when it is about something else.
     *
     * @param statement read last from the log, null when none was
     * @param captured tables
     */
    Optional<Finding> explain(Throwable failure, @Nullable String statement, Set<TableId> captured) {
        if (!isAboutStatement(failure)) {
            return Optional.empty();
        }
        if (statement == null) {
            return Optional.of(SourceErrors.fatal(
                    "SOURCE-SHAPE-UNREADABLE",
                    "the shape of a table cannot be understood: " + SourceErrors.deepestLine(failure),
                    "leave that table out of source.tables, or report this with SHOW CREATE TABLE"));
        }
        String shown = statement.length() > SHOWN ? statement.substring(0, SHOWN) + "..." : statement;
        if (namesOne(statement, captured)) {
            return Optional.of(SourceErrors.fatal(
                    "SOURCE-DDL-UNREADABLE",
                    "a statement on a captured table cannot be understood, so the rows behind it cannot be read: "
                            + shown,
                    "set source.snapshot to when-needed, move the data directory away and start again: the tables are then"
                            + " read anew, by the shape that they have now; and report the statement"));
        }
        statements.add(statement.trim());
        return Optional.of(new Finding(
                "SOURCE-DDL-SKIPPED",
                "source",
                "a statement that names no captured table cannot be understood and is left out: " + shown,
                "nothing; the agent goes on behind it",
                Severity.TRANSIENT));
    }

    private static boolean isAboutStatement(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof ParsingException || cause instanceof MultipleParsingExceptions) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** By its bare name, in any case: rather one stop too many than a row misread. */
    static boolean namesOne(String statement, Set<TableId> captured) {
        Set<String> names = captured.stream()
                .map(table -> table.table().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Matcher name = NAME.matcher(statement);
        while (name.find()) {
            String found = name.group(1) != null
                    ? name.group(1).replace("``", "`")
                    : name.group(2) != null ? name.group(2).replace("\"\"", "\"") : name.group(3);
            if (names.contains(found.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }
}
