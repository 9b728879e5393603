/**
 * Delivery: one pipeline a sink reads the journal, makes batches of whole source transactions, hands them to the sink and
 * keeps the checkpoint; errors are acted on here and nowhere else.
 *
 * <p>Start at {@link dev.tailrace.pipeline.Pipeline}. Keeps I2 (a checkpoint moves only over what is durable), I3 (order
 * per key) and I4 (a stalled sink stalls nobody else and loses nothing). Does not know where the journal's frames come
 * from.
 */
@NullMarked
package dev.tailrace.pipeline;

import org.jspecify.annotations.NullMarked;
