/**
 * Side-by-side measurements: this agent against an anchor, in one invocation, on one machine.
 *
 * <p>Start at {@link dev.tailrace.bench.Bench}. A {@link dev.tailrace.bench.Measure} prepares what both sides read, lets
 * {@link dev.tailrace.bench.Rounds} start one process a run and side, checks what arrived against the ground truth, and
 * returns {@link dev.tailrace.bench.Comparison}s.
 */
@NullMarked
package dev.tailrace.bench;

import org.jspecify.annotations.NullMarked;
