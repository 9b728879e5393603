/**
 * The demonstration: a small shop's traffic, a real agent as a child process, and an independent judge of what reached
 * the targets. Start at {@link dev.tailrace.demo.Demo}; the crash suite uses the same traffic and the same judges.
 *
 * <p>What differs between sources is behind {@link dev.tailrace.demo.SourceServer} and {@link dev.tailrace.demo.Shop}, and
 * the JDBC target behind {@link dev.tailrace.demo.Warehouse}: another database is one more implementation of them.
 *
 * <p>The judges ({@link dev.tailrace.demo.Truth}, {@link dev.tailrace.demo.Comparison}, {@link
 * dev.tailrace.demo.Archive}, {@link dev.tailrace.demo.Receiver}) share no code with the agent: what they expect comes
 * from the source's own decoding or, for MySQL, from the files of its log, not from the journal. They observe the
 * invariants I1 to I5 and I8 from outside.
 */
@NullMarked
package dev.tailrace.demo;

import org.jspecify.annotations.NullMarked;
