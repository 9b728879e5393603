package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import dev.tailrace.event.TableId;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Refuses XA transactions on captured tables. The log has their rows where they are prepared, and whether and when they are
 * committed in another place: taken for committed there, they would invent changes, and passed over they would lose some
 * (I9). See "XA Transactions" in MySQL's manual. One thread: the log client's.
 */
final class PreparedTransactions {
    private static final String CODE = "SOURCE-BINLOG-XA";
    private static final String REMEDY =
            "commit the changes of captured tables in ordinary transactions; then set source.snapshot to when-needed and"
                    + " start again: the captured tables are read anew";
    private static final String START = "XA START ";
    private static final String COMMIT = "XA COMMIT ";

    /** More than a server has prepared at a time. */
    private static final int REMEMBERED = 10_000;

    private final CapturedNames captured;
    private final boolean fromSnapshot;
    private final Set<String> harmless = new LinkedHashSet<>();
    private String prepared = "";

    /**
     * @param fromSnapshot whether the log is read from a snapshot on, so that what was prepared before is in neither; behind
     *     the journal's end it was looked at by who read that part of the log
     */
    PreparedTransactions(CapturedNames captured, boolean fromSnapshot) {
        this.captured = captured;
        this.fromSnapshot = fromSnapshot;
    }

    void read(Event event) throws RefusedEventException {
        EventType type = event.getHeader().getEventType();
        if (type == EventType.QUERY) {
            statement(((QueryEventData) event.getData()).getSql());
        } else if (type == EventType.TABLE_MAP && !prepared.isEmpty()) {
            TableMapEventData map = event.getData();
            TableId table = new TableId(map.getDatabase(), map.getTable());
            if (captured.mayBe(table)) {
                throw new RefusedEventException(
                        CODE, table.toString(), table + " is changed in an XA transaction, which is not read", REMEDY);
            }
        } else if (type == EventType.XA_PREPARE) {
            remember();
        }
    }

    private void statement(String sql) throws RefusedEventException {
        if (sql.startsWith(START)) {
            prepared = sql.substring(START.length());
        } else if (sql.startsWith(COMMIT) && !harmless.remove(sql.substring(COMMIT.length())) && fromSnapshot) {
            throw new RefusedEventException(
                    CODE,
                    "source",
                    "an XA transaction is committed that was prepared before the snapshot: what it changed is in neither",
                    REMEDY);
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
