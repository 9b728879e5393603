/**
 * PostgreSQL as a source: a publication and a replication slot of our own, read by the engine's PostgreSQL connector.
 *
 * <p>Start at {@link dev.tailrace.capture.postgres.PostgresSource}. Keeps I7 (lossless values, absent is absent) and I9 (a
 * gap between slot and journal is a loud stop).
 */
@NullMarked
package dev.tailrace.capture.postgres;

import org.jspecify.annotations.NullMarked;
