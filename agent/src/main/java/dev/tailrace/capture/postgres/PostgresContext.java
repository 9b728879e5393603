package dev.tailrace.capture.postgres;

/**
 * What the parts of an engine need to know: {@link RawValues}, {@link RawSnapshotQuery}, {@link EngineConnections}.
 *
 * @param types of the source database
 * @param snapshot how its rows are asked for and read
 */
record PostgresContext(PgTypes types, SnapshotQueries snapshot) {}
