/** Capture against a real PostgreSQL and a real journal. Start at {@link dev.tailrace.capture.postgres.StreamTest}. */
@NullMarked
package dev.tailrace.capture.postgres;

import org.jspecify.annotations.NullMarked;
