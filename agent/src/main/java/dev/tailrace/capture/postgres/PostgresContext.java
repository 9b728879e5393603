package dev.tailrace.capture.postgres;

import java.util.Map;

/**
 * What {@link RawValues} and {@link RawSnapshotQuery} need to know.
 *
 * @param types of the source database
 * @param snapshotColumns by quoted table name, then by quoted column name: what a snapshot selects
 */
record PostgresContext(PgTypes types, Map<String, Map<String, String>> snapshotColumns) {}
