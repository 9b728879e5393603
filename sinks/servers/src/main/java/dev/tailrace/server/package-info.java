/**
 * MySQL and MariaDB servers of our own, as processes on the loopback interface, for the tests, the demonstration and the
 * benchmarks. Start with {@link dev.tailrace.server.DatabaseServer}. Nothing of the agent depends on it, but for the
 * demonstration.
 */
@NullMarked
package dev.tailrace.server;

import org.jspecify.annotations.NullMarked;
