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

    /** As the parser's error listener words it. */
    private static final Pattern STATEMENT = Pattern.compile("with the statement '(.*?)'\n", Pattern.DOTALL);

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
     * @param captured tables
     */
    Optional<Finding> explain(Throwable failure, Set<TableId> captured) {
        String said = parserSaid(failure);
        if (said == null) {
            return Optional.empty();
        }
        Matcher quoted = STATEMENT.matcher(said);
        if (!quoted.find()) {
            return Optional.of(unreadable(said.lines().findFirst().orElse("")));
        }
        String statement = quoted.group(1).trim();
        String shown = statement.length() > SHOWN ? statement.substring(0, SHOWN) + "..." : statement;
        if (namesOne(statement, captured) || !statements.add(statement)) {
            return Optional.of(unreadable(shown));
        }
        return Optional.of(new Finding(
                "SOURCE-DDL-SKIPPED",
                "source",
                "a statement that names no captured table cannot be understood and is left out: " + shown,
                "nothing; the agent goes on behind it",
                Severity.TRANSIENT));
    }

    private static Finding unreadable(String what) {
        return SourceErrors.fatal(
                "SOURCE-DDL-UNREADABLE",
                "a statement on a captured table cannot be understood, so the rows behind it cannot be read: " + what,
                "report the statement; to begin anew with the shapes of now, move the data directory away and start again,"
                        + " which takes a new snapshot");
    }

    private static @Nullable String parserSaid(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof MultipleParsingExceptions several) {
                return several.getErrors().stream()
                        .map(error -> String.valueOf(error.getMessage()))
                        .collect(Collectors.joining("\n"));
            }
            if (cause instanceof ParsingException) {
                return String.valueOf(cause.getMessage());
            }
            cause = cause.getCause();
        }
        return null;
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
