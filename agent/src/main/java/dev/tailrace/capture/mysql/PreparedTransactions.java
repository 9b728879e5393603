package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import dev.tailrace.event.TableId;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses XA transactions on captured tables. The log has their rows where they are prepared, and whether and when they are
 * committed in another place: taken for committed there, they would invent changes, and passed over they would lose some
 * (I9). One that was prepared before the log is read, and is committed behind, is looked up in the server's log, at every
 * start anew, so that a refusal is the same again. See "XA Transactions" in MySQL's manual. One thread: the log client's.
 */
final class PreparedTransactions {
    static final String START = "XA START ";
    private static final String COMMIT = "XA COMMIT ";
    private static final String CODE = "SOURCE-BINLOG-XA";
    private static final String REMEDY =
            "commit the changes of captured tables in ordinary transactions; then set source.snapshot to when-needed and"
                    + " start again: the captured tables are read anew";

    /** More than a server has prepared at a time. */
    private static final int REMEMBERED = 10_000;

    private final CapturedNames captured;
    private final LookUp before;
    private final Set<String> harmless = new LinkedHashSet<>();
    private String file = "";
    private String prepared = "";

    /** Finds the tables of a prepared transaction in the log before a place; empty when they can no longer be found. */
    @FunctionalInterface
    interface LookUp {
        Optional<Set<TableId>> tables(String id, String file, long end) throws SQLException;
    }

    PreparedTransactions(CapturedNames captured, LookUp before) {
        this.captured = captured;
        this.before = before;
    }

    static PreparedTransactions of(MySqlSettings settings, CapturedNames captured) {
        return new PreparedTransactions(captured, (id, file, end) -> {
            try (var connection = MySqlConnections.open(settings)) {
                return LogBehind.ofPrepared(connection, id, file, end);
            }
        });
    }

    void read(Event event) throws RefusedEventException {
        EventType type = event.getHeader().getEventType();
        if (type == EventType.ROTATE) {
            file = ((RotateEventData) event.getData()).getBinlogFilename();
        } else if (type == EventType.QUERY) {
            EventHeaderV4 header = event.getHeader();
            statement(((QueryEventData) event.getData()).getSql(), header.getNextPosition());
        } else if (type == EventType.TABLE_MAP && !prepared.isEmpty()) {
            TableMapEventData map = event.getData();
            requireOther(new TableId(map.getDatabase(), map.getTable()));
        } else if (type == EventType.XA_PREPARE) {
            remember();
        }
    }

    private void requireOther(TableId table) throws RefusedEventException {
        if (captured.mayBe(table)) {
            throw new RefusedEventException(
                    CODE, table.toString(), table + " is changed in an XA transaction, which is not read", REMEDY);
        }
    }

    private void statement(String sql, long end) throws RefusedEventException {
        if (sql.startsWith(START)) {
            prepared = sql.substring(START.length());
        } else if (sql.startsWith(COMMIT) && !harmless.remove(sql.substring(COMMIT.length()))) {
            committed(sql.substring(COMMIT.length()), end);
        }
    }

    private void committed(String id, long end) throws RefusedEventException {
        Optional<Set<TableId>> tables;
        try {
            tables = before.tables(id, file, end);
        } catch (SQLException e) {
            throw new IllegalStateException("an XA transaction cannot be looked up in the log", e);
        }
        if (tables.isEmpty()) {
            throw new RefusedEventException(
                    CODE,
                    "source",
                    "an XA transaction is committed of which the server's log no longer says what it changed",
                    REMEDY);
        }
        for (TableId table : tables.get()) {
            requireOther(table);
        }
    }

    private void remember() {
        if (harmless.size() == REMEMBERED) {
            harmless.remove(harmless.iterator().next());
        }
        harmless.add(prepared);
        prepared = "";
    }
}
