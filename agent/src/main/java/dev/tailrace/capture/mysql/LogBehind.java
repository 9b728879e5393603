package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log before a place, as far as the server still has it. */
final class LogBehind {
    private static final Pattern TABLE = Pattern.compile("\\((.*)\\)$");

    private LogBehind() {}

    /**
     * The tables that an XA transaction changed, by all that their names may mean when they have dots; empty when the log
     * no longer has it. Reads whole files of the log, the newest first, at the server's own pace.
     *
     * @param id as the log has it
     * @param end position behind which it is not looked for
     */
    static Optional<Set<TableId>> ofPrepared(Connection connection, String id, String file, long end)
            throws SQLException {
        List<MySqlState.LogFile> files = LogAhead.files(connection);
        boolean reached = false;
        for (int i = files.size() - 1; i >= 0; i--) {
            boolean last = files.get(i).name().equals(file);
            reached |= last;
            if (reached) {
                Optional<Set<TableId>> found =
                        ofPreparedIn(connection, id, files.get(i).name(), last ? end : Long.MAX_VALUE);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Set<TableId>> ofPreparedIn(Connection connection, String id, String file, long end)
            throws SQLException {
        Set<TableId> tables = null;
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(Integer.MIN_VALUE); // row by row: a file may have millions
            try (ResultSet events = statement.executeQuery("SHOW BINLOG EVENTS IN " + MySqlConnections.literal(file))) {
                boolean within = false;
                while (events.next()) {
                    String type = events.getString(3);
                    if (events.getLong(5) > end) {
                        continue; // the driver reads to the end in any case
                    }
                    if (type.equals("Query")) {
                        String text = LogAhead.statement(events.getString(6));
                        within = text.equals(PreparedTransactions.START + id) || within && !text.startsWith("XA ");
                        tables = text.equals(PreparedTransactions.START + id) ? new HashSet<>() : tables;
                    } else if (within && tables != null && type.equals("Table_map")) {
                        addNames(events.getString(6), tables);
                    }
                }
            }
        }
        return Optional.ofNullable(tables);
    }

    private static void addNames(String info, Set<TableId> tables) {
        Matcher name = TABLE.matcher(info);
        if (name.find()) {
            String whole = name.group(1);
            for (int dot = whole.indexOf('.'); dot >= 0; dot = whole.indexOf('.', dot + 1)) {
                tables.add(new TableId(whole.substring(0, dot), whole.substring(dot + 1)));
            }
        }
    }
}
