/** Capture against a real PostgreSQL and a real journal. Start at {@link dev.tailrace.capture.StreamTest}. */
@NullMarked
package dev.tailrace.capture;

import org.jspecify.annotations.NullMarked;
