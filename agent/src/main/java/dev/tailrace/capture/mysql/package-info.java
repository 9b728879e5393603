/**
 * MySQL as a source. Keeps I7 (lossless values): {@link dev.tailrace.capture.mysql.MySqlSnapshotQuery} and {@link
 * dev.tailrace.capture.mysql.BinlogCells} read, {@link dev.tailrace.capture.mysql.MySqlValues} converts.
 */
@NullMarked
package dev.tailrace.capture.mysql;

import org.jspecify.annotations.NullMarked;
