/**
 * H2 as a target: a file that this process writes itself. Start at {@link dev.tailrace.sink.jdbc.h2.H2Dialect}; what it
 * promises is said at {@link dev.tailrace.sink.jdbc.Dialect} and {@link dev.tailrace.sink.jdbc.RowStatements}. Keeps I2
 * (a commit is forced to the disk, which H2 by itself does not do) and I7 (what H2 would round or pad is refused).
 */
@NullMarked
package dev.tailrace.sink.jdbc.h2;

import org.jspecify.annotations.NullMarked;
