/**
 * MySQL as a source: its binary log, read by the engine's MySQL connector, with GTIDs or by file and position.
 *
 * <p>Start at {@link dev.tailrace.capture.mysql.MySqlSource}. Keeps I1 (the server confirms nothing, so all rests on the
 * position that the journal holds), I7 (lossless values) and I9 (a purged log is a loud stop). The schemas of the tables
 * are remembered in the journal together with the position from which they hold ({@link
 * dev.tailrace.capture.mysql.SchemaNotes}), so that a restart decodes every row by the shape that it had.
 */
@NullMarked
package dev.tailrace.capture.mysql;

import org.jspecify.annotations.NullMarked;
