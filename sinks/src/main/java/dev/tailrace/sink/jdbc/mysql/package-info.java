/**
 * MySQL and MariaDB as a target. Start at {@link dev.tailrace.sink.jdbc.mysql.MySqlDialect}; what it promises is said at {@link
 * dev.tailrace.sink.jdbc.Dialect} and {@link dev.tailrace.sink.jdbc.RowStatements}. Keeps I7: a value that the target
 * cannot hold is an error, never another value.
 */
@NullMarked
package dev.tailrace.sink.jdbc.mysql;

import org.jspecify.annotations.NullMarked;
