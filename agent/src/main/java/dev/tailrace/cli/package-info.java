/**
 * The command line: verbs, their options, what they print and their exit codes, all documented in docs/cli.md.
 *
 * <p>Start at {@link dev.tailrace.cli.Main}. The only room that ends the process, listens for signals and knows
 * JCommander.
 */
@NullMarked
package dev.tailrace.cli;

import org.jspecify.annotations.NullMarked;
