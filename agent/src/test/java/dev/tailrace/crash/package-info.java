/**
 * Kills the real agent at named windows and at random moments and proves each time that nothing was lost, doubled or
 * put out of order. Start at {@link dev.tailrace.crash.CrashWindows}; the suites
 * run once a source, in {@link dev.tailrace.crash.PostgresCrashTest} and its siblings.
 *
 * <p>The proofs are those of {@code dev.tailrace.demo}: I1, I2, I3, I5 and I8 seen from outside of the process.
 */
@NullMarked
package dev.tailrace.crash;

import org.jspecify.annotations.NullMarked;
