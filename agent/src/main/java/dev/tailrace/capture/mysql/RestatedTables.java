package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import dev.tailrace.capture.SourceErrors;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import io.debezium.connector.mysql.antlr.DdlNormalizer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Statements of the log that the engine's parser does not understand, and what it is told in their places.
 *
 * <p>For a captured table that is the shape which the table has at the server, once the log itself has shown that no
 * statement behind the place has changed it again: then the server's shape is the one that the statement left, and stays
 * right for that place for ever (I7). What the engine makes of it is journaled like any change of a schema. Without that
 * proof the capture halts.
 *
 * <p>The log client's thread reads, the supervisor's explains and resolves. Thread-safe.
 */
final class RestatedTables {
    /** The engine's own filter leaves it out. */
    private static final String NOTHING = "SAVEPOINT tailrace";

    /** As the engine words it. */
    private static final String UNKNOWN_SHAPE = "whose schema isn't known to this connector";

    /** More than a client reads before the engine has ended that failed. */
    private static final int REMEMBERED = 10_000;

    private static final Pattern OF_TRANSACTIONS =
            Pattern.compile("(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|XA)\\b", Pattern.CASE_INSENSITIVE);

    private final SkippedStatements skipped;
    private final Map<LogStatement, String> told = new HashMap<>();

    /** Of the present engine, the newest at the end. */
    private final Deque<LogStatement> statements = new ArrayDeque<>();

    private String server = "";
    private String file = "";
    private @Nullable LogStatement pending;
    private Set<TableId> pendingTables = Set.of();

    RestatedTables(SkippedStatements skipped) {
        this.skipped = skipped;
    }

    /** An engine is about to read the log of that server. */
    synchronized void begin(String uuid) {
        server = uuid;
        file = "";
        statements.clear();
    }

    /** What the log client is about to hand to the engine; a statement is replaced by what is to be told. */
    synchronized void read(Event event) {
        EventType type = event.getHeader().getEventType();
        if (type == EventType.ROTATE) {
            RotateEventData rotation = event.getData();
            file = rotation.getBinlogFilename();
        } else if (type == EventType.QUERY) {
            QueryEventData data = event.getData();
            if (OF_TRANSACTIONS.matcher(data.getSql()).lookingAt()) {
                return;
            }
            EventHeaderV4 header = event.getHeader();
            LogStatement statement = new LogStatement(server, file, header.getNextPosition(), data.getSql());
            String instead = told.get(statement);
            if (instead != null) {
                data.setSql(instead);
                return;
            }
            if (statements.size() == REMEMBERED) {
                statements.remove();
            }
            statements.add(statement);
        }
    }

    /**
     * What a failure means that is about a statement; empty when it is about something else.
     *
     * @param known tables that are captured, and those that were
     */
    synchronized Optional<Finding> explain(Throwable failure, Set<TableId> known) {
        String said = SkippedStatements.parserSaid(failure);
        if (said == null) {
            return unknownShape(failure);
        }
        if (file.isEmpty()) {
            return skipped.explain(failure, known); // the shapes of a snapshot
        }
        Optional<LogStatement> failed =
                statements.stream().filter(statement -> quotes(said, statement)).findFirst();
        if (failed.isEmpty()) {
            return Optional.of(SkippedStatements.unreadable(
                    said.lines().findFirst().orElse(""), "and it is none of the log, or not as the log has it"));
        }
        pending = failed.get();
        pendingTables = TableNames.in(pending.text()).of(known);
        return Optional.of(new Finding(
                pendingTables.isEmpty() ? "SOURCE-DDL-SKIPPED" : "SOURCE-DDL-RESTATED",
                "source",
                pendingTables.isEmpty()
                        ? "a statement that names no captured table cannot be understood and is left out: "
                                + SkippedStatements.shown(pending.text())
                        : "the statement at " + pending.place() + " that names " + names(pendingTables)
                                + " cannot be understood; the server is asked for the shape that it left",
                "nothing; the agent goes on by itself",
                Severity.TRANSIENT));
    }

    /**
     * Whether the parser speaks of that statement. It says no place, and the client has read on meanwhile; of several that
     * are alike the first is the one, because none of them can be read.
     */
    private static boolean quotes(String said, LogStatement statement) {
        String text = statement.text().trim();
        return said.contains("'" + DdlNormalizer.normalize(text, false) + "'\n")
                || said.contains("'" + DdlNormalizer.normalize(text, true) + "'\n");
    }

    /** As the engine would say it. */
    static String unknownShape(String table) {
        return "the log has rows of table " + table + " " + UNKNOWN_SHAPE;
    }

    private static Optional<Finding> unknownShape(Throwable failure) {
        String said = SourceErrors.deepestLine(failure);
        return said.contains(UNKNOWN_SHAPE)
                ? Optional.of(SourceErrors.fatal(
                        "SOURCE-SHAPE-UNKNOWN",
                        "the shape of a captured table is not known: " + said,
                        "report it with the log; to begin anew with the shapes of now, move the data directory away and"
                                + " start again, which takes a new snapshot"))
                : Optional.empty();
    }

    /** The statement at which the last engine ended is not read again. */
    synchronized void forget() {
        pending = null;
    }

    /**
     * Decides what is told in the place of the statement at which the last engine ended, if it did so.
     *
     * @param connection to the server
     * @param state of the server now
     */
    synchronized List<Finding> resolve(Connection connection, MySqlState state) throws SQLException {
        LogStatement statement = pending;
        if (statement == null) {
            return List.of();
        }
        if (!statement.server().equals(state.uuid())) {
            pending = null; // the other server's log has it in a place of its own
            return List.of();
        }
        Set<TableId> tables = TableNames.in(statement.text())
                .of(Stream.concat(
                                pendingTables.stream(), state.tables().stream().map(MySqlState.Table::id))
                        .collect(Collectors.toSet()));
        if (statement.empties() && !tables.isEmpty()) {
            return List.of(SkippedStatements.unreadable(
                    statement.text(), "at " + statement.place() + ", and it is not the shape that it changes"));
        }
        tables.removeIf(table -> !statement.mayChange(table.table()));
        if (tables.isEmpty()) {
            leaveOut(statement);
            pending = null;
            return List.of();
        }
        return restate(connection, statement, tables);
    }

    private void leaveOut(LogStatement statement) {
        String altered = statement.altered();
        if (altered != null) {
            // it may be renamed to one that is captured: rather no shape than one that is not its own
            told.put(statement, "DROP TABLE IF EXISTS " + altered);
        } else if (statement.isAboutTables() || !skipped.leaveOut(statement.text())) {
            told.put(statement, NOTHING);
        }
    }

    private List<Finding> restate(Connection connection, LogStatement statement, Set<TableId> tables)
            throws SQLException {
        List<String> shapes = new ArrayList<>();
        for (TableId table : new TreeSet<>(tables)) {
            Optional<String> shape = ServerShape.read(connection, table);
            if (shape.isEmpty()) {
                return List.of(SkippedStatements.unreadable(
                        statement.text(),
                        "at " + statement.place() + ", and the server has no table " + table + " now"));
            }
            shapes.add(shape.get());
        }
        // behind the shapes: what changes a table after its shape was read is no concern, what did before is in the log
        Map<TableId, LogStatement> changes = LogAhead.changes(connection, statement, tables);
        if (!changes.isEmpty()) {
            String others = new TreeMap<>(changes)
                    .entrySet().stream()
                            .map(change ->
                                    change.getKey() + " at " + change.getValue().place())
                            .collect(Collectors.joining(", "));
            return List.of(SkippedStatements.unreadable(
                    statement.text(),
                    "at " + statement.place()
                            + ", and later statements name the table too, so that its shape of now may"
                            + " be another one: " + others));
        }
        told.put(statement, String.join("; ", shapes));
        pending = null;
        return List.of(new Finding(
                "SOURCE-DDL-RESTATED",
                "source",
                "the statement at " + statement.place() + " cannot be understood; the shape that it left "
                        + names(tables) + " with was read from the server, whose log has no later statement on it",
                "nothing is lost; report the statement, so that the parser learns it",
                Severity.WARNING));
    }

    private static String names(Set<TableId> tables) {
        return tables.stream().map(TableId::toString).sorted().collect(Collectors.joining(", "));
    }
}
