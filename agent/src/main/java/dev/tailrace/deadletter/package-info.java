/**
 * Changes that a target refused, and those of the same rows that wait behind them.
 *
 * <p>Start at {@link dev.tailrace.deadletter.DeadLetterLog}: the pipeline puts changes aside there and takes them out
 * again; {@link dev.tailrace.deadletter.DeadLetterDesk} is the operator's side of the same file. One SQLite file a sink,
 * made when a target first refuses something. Keeps I2 (a checkpoint passes a change only when it is durable at the target
 * or here) and I3 (the changes of a row take effect in their order, here as in the stream).
 */
@NullMarked
package dev.tailrace.deadletter;

import org.jspecify.annotations.NullMarked;
