package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The source at one moment, as far as capture depends on it.
 *
 * @param version as the server tells it: {@code 9.7.4}
 * @param mariaDb whether the server is a MariaDB
 * @param uuid of the server
 * @param serverId of the server
 * @param binlog whether it writes a binary log
 * @param format {@code binlog_format}
 * @param rowImage {@code binlog_row_image}
 * @param partialJson whether updates of JSON are logged as differences
 * @param compressed whether transactions are logged compressed
 * @param caseless whether names of tables that differ by case only are the same
 * @param gtidMode {@code gtid_mode} is ON
 * @param executed GTIDs executed so far, empty without GTIDs
 * @param purged GTIDs that are executed and no longer in the log
 * @param retentionSeconds how long the log is kept, 0 when nothing is deleted
 * @param log its files, oldest first; empty when this user may not see them
 * @param rights granted for everything, in upper case
 * @param account that the server takes the user for, as a statement names it
 * @param tables that the configuration's globs match, in order
 */
record MySqlState(
        String version,
        boolean mariaDb,
        String uuid,
        long serverId,
        boolean binlog,
        String format,
        String rowImage,
        boolean partialJson,
        boolean compressed,
        boolean caseless,
        boolean gtidMode,
        Gtids executed,
        Gtids purged,
        long retentionSeconds,
        Optional<List<LogFile>> log,
        Set<String> rights,
        String account,
        List<Table> tables) {

    /** A file of the binary log and how many bytes it has. */
    record LogFile(String name, long size) {}

    /**
     * A table that the globs match.
     *
     * @param engine that stores it
     * @param hasKey whether it has a primary key
     * @param readable whether the user may select from it
     * @param doubtfulMembers whether a member of an ENUM or SET may have a character that the server shows as {@code ?}
     * @param rows roughly, as the server estimates
     */
    record Table(TableId id, String engine, boolean hasKey, boolean readable, boolean doubtfulMembers, long rows) {}

    /** Where ids and offsets of this source belong to. */
    String source() {
        return source(uuid);
    }

    static String source(String uuid) {
        return "my-" + uuid;
    }

    boolean may(String right) {
        return rights.contains("ALL PRIVILEGES") || rights.contains(right);
    }
}
