/**
 * The narrow waist between the agent and a target: implement {@link dev.tailrace.sink.Sink} and {@link
 * dev.tailrace.sink.SinkFactory}, name the factory in {@code META-INF/services}, let a test extend {@code
 * SinkContract}; nothing else in the project changes.
 *
 * <p>Start at {@link dev.tailrace.sink.Sink}. Keeps I2 (a checkpoint moves only over what is durable), I3 (order per
 * key) and I6 (fencing by epoch).
 */
@NullMarked
package dev.tailrace.sink;

import org.jspecify.annotations.NullMarked;
