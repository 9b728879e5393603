package dev.tailrace.capture.postgres;

import dev.tailrace.event.TableId;
import java.util.List;
import java.util.Optional;

/**
 * The source at one moment, as far as capture depends on it. Of one that is too old nothing is known but the server.
 *
 * @param version as {@code server_version_num}
 * @param system the server's system identifier
 * @param timeline of its log
 * @param standby whether it only follows another server
 * @param walLevel its setting
 * @param currentLsn end of its log
 * @param freeSlots replication slots that can still be made
 * @param freeSenders WAL senders that can still be started
 * @param mayReplicate whether the user may use replication
 * @param mayCreate whether the user may create in this database
 * @param refusedMessage the function that writes a message to the log, with its arguments, when the user may not call it
 * @param senderTimeoutMillis after which it gives up a reader of its log that says nothing; 0 for never
 * @param tables that the configuration's globs match, in order
 * @param publication ours, when it exists
 * @param slot of the configured name, when it exists
 */
record SourceState(
        int version,
        String system,
        int timeline,
        boolean standby,
        String walLevel,
        long currentLsn,
        int freeSlots,
        int freeSenders,
        boolean mayReplicate,
        boolean mayCreate,
        Optional<String> refusedMessage,
        long senderTimeoutMillis,
        List<Table> tables,
        Optional<Publication> publication,
        Optional<Slot> slot) {
    /** Of the versions that are supported. */
    static final int OLDEST = 14;

    /**
     * A table that the globs match.
     *
     * @param partitioned whether it is the root of partitions
     * @param logged whether its changes are in the log at all
     * @param identity replica identity: d, f, i or n
     * @param hasKey whether it has a primary key
     * @param identityIsKey whether an index identity covers just the primary key
     * @param readable whether the user may select from it
     * @param owned whether the user may publish it
     * @param columns in their order
     */
    record Table(
            TableId id,
            boolean partitioned,
            boolean logged,
            char identity,
            boolean hasKey,
            boolean identityIsKey,
            boolean readable,
            boolean owned,
            List<Column> columns) {}

    /**
     * A column of a table.
     *
     * @param type number of its type
     * @param typeName of it
     * @param generated empty, or how: s stored, v virtual
     */
    record Column(String name, int type, String typeName, String generated) {}

    /**
     * Our publication.
     *
     * @param id number of it: another one means that it was made anew
     * @param owned whether the user may change it
     * @param whole whether it publishes inserts, updates, deletes and truncations, and partitions as their root
     * @param generated whether it publishes stored generated columns
     * @param allTables whether it is for all tables
     * @param tables that it lists
     */
    record Publication(
            long id, boolean owned, boolean whole, boolean generated, boolean allTables, List<Member> tables) {}

    /**
     * A table of a publication.
     *
     * @param id number of the membership: another one means that the table was taken out and put in again
     * @param filtered whether rows or columns are left out
     */
    record Member(TableId table, long id, boolean filtered) {}

    /**
     * The replication slot.
     *
     * @param activePid process that uses it, 0 when none does
     * @param confirmedLsn up to where it has been confirmed; changes before it are not sent again
     * @param lost why it is of no use any more, empty when it is
     */
    record Slot(String plugin, String database, boolean temporary, int activePid, long confirmedLsn, String lost) {}

    boolean isTooOld() {
        return version < OLDEST * 10_000;
    }

    /** Where ids and offsets of this source belong to. */
    String source() {
        return "pg-" + system + "-" + timeline;
    }

    Optional<Member> member(TableId table) {
        return publication.flatMap(found -> found.tables().stream()
                .filter(member -> member.table().equals(table))
                .findFirst());
    }
}
