/**
 * SQLite as a target: a file that this process writes itself. Start at {@link
 * dev.tailrace.sink.jdbc.sqlite.SqliteDialect}; what it promises is said at {@link dev.tailrace.sink.jdbc.Dialect} and
 * {@link dev.tailrace.sink.jdbc.RowStatements}. Keeps I7: SQLite converts what it is given to the affinity of the column;
 * what would become another value by it is refused.
 */
@NullMarked
package dev.tailrace.sink.jdbc.sqlite;

import org.jspecify.annotations.NullMarked;
