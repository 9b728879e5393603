package dev.tailrace.capture.mysql;

import dev.tailrace.capture.LogMeter;
import dev.tailrace.capture.SourceLog;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What MySQL keeps of its log behind the journal's end. The server deletes a file some time after it was closed, which is
 * not before the last change that we have of it was committed.
 */
final class BinlogMeter implements LogMeter {
    private final MySqlSettings settings;
    private MySqlState.@Nullable LogFile newest;

    BinlogMeter(MySqlSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Reading> read(Tail tail) throws SQLException {
        if (tail.offset().isEmpty()) {
            return Optional.empty();
        }
        SourceOffset needed = tail.offset().get();
        try (Connection connection = MySqlConnections.openBriefly(settings)) {
            List<MySqlState.LogFile> files =
                    MySqlStateReader.log(connection, true).orElse(List.of());
            String name = BinlogOffset.file(needed);
            int first = 0;
            while (first < files.size() && !files.get(first).name().equals(name)) {
                first++;
            }
            if (first == files.size()) {
                return Optional.empty(); // another server's name, or gone: MySqlGaps says which
            }
            long retained = -needed.position().offset();
            for (MySqlState.LogFile file : files.subList(first, files.size())) {
                retained += file.size();
            }
            long written = written(files);
            newest = files.get(files.size() - 1);
            Long expires = expiry(connection);
            Long left = expires == null ? null : Math.max(0, expires - age(connection, needed, first, files.size()));
            return Optional.of(
                    new Reading(new SourceLog(name, Math.max(0, retained), null, null, expires, left, 0), written));
        }
    }

    private long written(List<MySqlState.LogFile> files) {
        MySqlState.LogFile last = newest;
        if (last == null) {
            return 0;
        }
        long written = 0;
        for (MySqlState.LogFile file : files) {
            long ahead = BinlogFile.number(file.name()) - BinlogFile.number(last.name());
            written += ahead > 0 ? file.size() : ahead == 0 ? file.size() - last.size() : 0;
        }
        return written;
    }

    /** Null when the server deletes nothing by itself. */
    private static @Nullable Long expiry(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW GLOBAL VARIABLES WHERE Variable_name IN"
                        + " ('binlog_expire_logs_seconds', 'binlog_expire_logs_auto_purge')")) {
            long seconds = 0;
            while (row.next()) {
                if (row.getString(1).equals("binlog_expire_logs_auto_purge")
                        && row.getString(2).equals("OFF")) {
                    return null;
                }
                if (row.getString(1).equals("binlog_expire_logs_seconds")) {
                    seconds = row.getLong(2);
                }
            }
            return seconds == 0 ? null : seconds;
        }
    }

    /** Since when the file that we need may have been closed; the one being written never is. */
    private static long age(Connection connection, SourceOffset needed, int file, int files) throws SQLException {
        if (file == files - 1) {
            return 0;
        }
        Long committed = BinlogOffset.seconds(needed);
        if (committed == null) {
            return 0;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT UNIX_TIMESTAMP()")) {
            row.next();
            return Math.max(0, row.getLong(1) - committed);
        }
    }
}
