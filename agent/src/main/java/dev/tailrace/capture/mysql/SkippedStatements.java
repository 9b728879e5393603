package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineOptions;
import dev.tailrace.capture.SourceErrors;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import io.debezium.relational.history.SchemaHistory;
import io.debezium.text.MultipleParsingExceptions;
import io.debezium.text.ParsingException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Statements of definition that the engine's parser does not understand and that are left out wherever they stand, by the
 * engine's own filter: they name no captured table and so change the shape of none. In a snapshot, where statements are the
 * server's own description of its tables, one that names a captured table stops the capture (I7); in the log {@link
 * RestatedTables} decides. Thread-safe.
 */
final class SkippedStatements {
    private static final int DEEPEST = 20;
    private static final int SHOWN = 200;

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
            return Optional.of(unreadable(said.lines().findFirst().orElse(""), "in the snapshot"));
        }
        String statement = quoted.group(1).trim();
        if (!TableNames.in(statement).of(captured).isEmpty() || !statements.add(statement)) {
            return Optional.of(unreadable(statement, "in the snapshot"));
        }
        return Optional.of(new Finding(
                "SOURCE-DDL-SKIPPED",
                "source",
                "a statement that names no captured table cannot be understood and is left out: " + shown(statement),
                "nothing; the agent goes on behind it",
                Severity.TRANSIENT));
    }

    /**
     * From now on, wherever it stands.
     *
     * @return false when that was so already
     */
    boolean leaveOut(String statement) {
        return statements.add(statement.trim());
    }

    static String shown(String statement) {
        return statement.length() > SHOWN ? statement.substring(0, SHOWN) + "..." : statement;
    }

    /** @param where and why nothing else helps */
    static Finding unreadable(String statement, String where) {
        return SourceErrors.fatal(
                "SOURCE-DDL-UNREADABLE",
                "a statement on a captured table cannot be understood, so the rows behind it cannot be read: "
                        + shown(statement) + " (" + where + ")",
                "report the statement; to begin anew with the shapes of now, move the data directory away and start again,"
                        + " which takes a new snapshot");
    }

    static @Nullable String parserSaid(Throwable failure) {
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
}
