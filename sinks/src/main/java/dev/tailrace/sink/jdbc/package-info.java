/**
 * Writes changes into the tables of a relational database, effectively once: the checkpoint and the data share every
 * target transaction.
 *
 * <p>Start at {@link dev.tailrace.sink.jdbc.JdbcSink}. A batch is cut into {@link dev.tailrace.sink.jdbc.Step steps},
 * the row changes between two barriers are {@linkplain dev.tailrace.sink.jdbc.Compaction compacted} to one image a key,
 * and a {@link dev.tailrace.sink.jdbc.Dialect} turns them into statements. Another database is another dialect: a package
 * below this one and one line in {@code META-INF/services}.
 *
 * <p>Keeps I2 (checkpoint and changes commit together), I3 (what is refused combined is
 * written in the source's order, {@link dev.tailrace.sink.jdbc.Fallback}), I6 (the checkpoint row carries the epoch and every transaction updates it first) and I7 (an absent value leaves the SET
 * list, a lossy cast is an error of the target, never a silent truncation).
 */
@NullMarked
package dev.tailrace.sink.jdbc;

import org.jspecify.annotations.NullMarked;
