/** Tests of the journal: durable forms, recovery, reading, retention, and real kills of a child process. */
@NullMarked
package dev.tailrace.journal;

import org.jspecify.annotations.NullMarked;
