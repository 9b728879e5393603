package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The log behind a statement, as far as the server has written it by now. */
final class LogAhead {
    private static final Pattern DEFAULT_DATABASE = Pattern.compile("^use `(?:[^`]|``)*`; ");

    private LogAhead() {}

    /**
     * The first statement behind that one that may change the shape of each of these tables; none for a table whose shape
     * has been the same ever since. It reads all of the log in between, at the server's own pace.
     */
    static Map<TableId, LogStatement> changes(Connection connection, LogStatement behind, Set<TableId> tables)
            throws SQLException {
        Map<TableId, LogStatement> changes = new HashMap<>();
        long position = behind.end();
        boolean reached = false;
        for (MySqlState.LogFile file : files(connection)) {
            reached |= file.name().equals(behind.file());
            if (reached) {
                read(connection, behind.server(), file.name(), position, tables, changes);
                position = 4;
            }
        }
        if (!reached) {
            throw new SQLException("the server's log has no file " + behind.file() + " any more", "HY000");
        }
        return changes;
    }

    /** All files of the log, oldest first. */
    static List<MySqlState.LogFile> files(Connection connection) throws SQLException {
        return MySqlStateReader.log(connection, true)
                .orElseThrow(() -> new SQLException("the user may not list the files of the log", "HY000"));
    }

    /** As it stands in the log, without what the server puts before it to show it. */
    static String statement(String shown) {
        return DEFAULT_DATABASE.matcher(shown).replaceFirst("");
    }

    private static void read(
            Connection connection,
            String server,
            String file,
            long position,
            Set<TableId> tables,
            Map<TableId, LogStatement> changes)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(Integer.MIN_VALUE); // row by row: a file may have millions
            try (ResultSet events = statement.executeQuery(
                    "SHOW BINLOG EVENTS IN " + MySqlConnections.literal(file) + " FROM " + position)) {
                while (events.next()) {
                    if (!events.getString(3).equals("Query")) {
                        continue;
                    }
                    String text = statement(events.getString(6));
                    LogStatement later = new LogStatement(server, file, events.getLong(5), text);
                    for (TableId table : tables) {
                        if (!changes.containsKey(table) && (later.mayChange(table.table()) || later.drops(table))) {
                            changes.put(table, later);
                        }
                    }
                }
            }
        }
    }
}
