package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import dev.tailrace.event.TableId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the statements that stand in the log. A session that logs its changes so, whatever the server's setting, logs no
 * rows; the engine would go on behind it. When a captured table is changed, or may be, that is refused (I9). One thread:
 * the log client's.
 */
final class LoggedStatements {
    private static final Logger LOG = LoggerFactory.getLogger(LoggedStatements.class);

    private static final String CODE = "SOURCE-BINLOG-FORMAT";
    private static final String SETTING = "SET PERSIST binlog_format = 'ROW';";
    private static final String REASON =
            " by a statement that is in the log in place of the changed rows; binlog_format must be ROW in every session";

    /**
     * What the engine reads in place of a statement that is passed over: it would look into some of them for changes of
     * shapes, and log the values in others. Of this form it takes no notice.
     */
    private static final String PASSED = "INSERT INTO another";

    /** Post-header of a LOAD DATA behind that of a statement: a file's number, where its name begins and ends, a flag. */
    private static final int LOAD_HEADER = 13;

    private static final int FLAGS = 0;
    private static final int FLAGS_LENGTH = 4;
    private static final int SQL_MODE = 1;
    private static final int SQL_MODE_LENGTH = 8;
    private static final long ANSI_QUOTES = 1 << 2;
    private static final long NO_BACKSLASH_ESCAPES = 1 << 20;

    /** Tables that are warned of are remembered; more than these are not worth a warning. */
    private static final int WARNED = 100;

    private final CapturedNames captured;
    private final Supplier<Set<io.debezium.relational.TableId>> known;
    private final Set<String> warned = new HashSet<>();

    /** @param known captured tables at the place that the log was read to */
    LoggedStatements(CapturedNames captured, Supplier<Set<io.debezium.relational.TableId>> known) {
        this.captured = captured;
        this.known = known;
    }

    EventData query(ByteArrayInputStream in) throws IOException {
        return read(in, 0);
    }

    /** The file that it loads came before it, in events of its own that nobody reads. */
    EventData load(ByteArrayInputStream in) throws IOException {
        return read(in, LOAD_HEADER);
    }

    private QueryEventData read(ByteArrayInputStream in, int more) throws IOException {
        QueryEventData data = new QueryEventData();
        data.setThreadId(in.readLong(4));
        data.setExecutionTime(in.readLong(4));
        int database = in.readInteger(1);
        data.setErrorCode(in.readInteger(2));
        int length = in.readInteger(2);
        in.read(more);
        byte[] variables = in.read(length);
        data.setDatabase(text(in.read(database)));
        in.read(1);
        // whatever the character set of the session: it is right for all names that are plain, and seen where it is not
        data.setSql(text(in.read(in.available())));
        if (!data.getSql().equals("BEGIN") && isPassed(data, sqlMode(variables))) {
            data.setSql(PASSED);
        }
        return data;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@code sql_mode} of the session; the server writes the variables in the order of their numbers. */
    private static long sqlMode(byte[] variables) {
        int at = variables.length > FLAGS_LENGTH && variables[0] == FLAGS ? 1 + FLAGS_LENGTH : 0;
        long mode = 0;
        if (variables.length > at + SQL_MODE_LENGTH && variables[at] == SQL_MODE) {
            for (int i = SQL_MODE_LENGTH; i > 0; i--) {
                mode = mode << 8 | variables[at + i] & 0xff;
            }
        }
        return mode;
    }

    /** Whether it changes tables, but none of ours. */
    private boolean isPassed(QueryEventData data, long sqlMode) throws RefusedEventException {
        ChangedTables changed = ChangedTables.of(
                data.getSql(), data.getDatabase(), (sqlMode & ANSI_QUOTES) != 0, (sqlMode & NO_BACKSLASH_ESCAPES) == 0);
        switch (changed.kind()) {
            case NONE -> {
                return false;
            }
            case TEMPORARY -> {}
            case ONE -> {
                TableId target = changed.target().orElseThrow();
                if (captured.mayBe(target)) {
                    throw refused(target.toString(), target + " is changed" + REASON);
                }
                warn(target.toString());
            }
            case SOME -> {
                Optional<TableId> named = named(changed);
                if (named.isPresent()) {
                    throw refused(named.get().toString(), named.get() + " is changed, or may be," + REASON);
                }
                warn("one of several tables");
            }
            case UNTOLD ->
                throw refused(
                        "source", "a function that was called in " + data.getDatabase() + " changed tables" + REASON);
        }
        return true;
    }

    private static RefusedEventException refused(String subject, String message) {
        return RefusedEventException.ofSession(CODE, subject, message, SETTING);
    }

    /** A captured table that may be meant; in any case, rather one stop too many. */
    private Optional<TableId> named(ChangedTables changed) {
        Set<String> names = new HashSet<>();
        for (io.debezium.relational.TableId table : known.get()) {
            names.add(lower(new TableId(table.catalog(), table.table())));
        }
        return changed.named().stream()
                .filter(table -> names.contains(lower(table)) || table.table().indexOf('\uFFFD') >= 0)
                .filter(captured::mayBe)
                .findFirst();
    }

    private static String lower(TableId table) {
        return table.toString().toLowerCase(Locale.ROOT);
    }

    private void warn(String target) {
        if (warned.size() < WARNED && warned.add(target)) {
            LOG.warn(
                    "SOURCE-STATEMENT-PASSED {} is not captured and is changed by statements in the log in place of rows;"
                            + " what a trigger or a view changes in captured tables by them is not seen. {}",
                    target,
                    SETTING);
        }
    }
}
