/** What the tests of all sources need. Start at {@link dev.tailrace.capture.CaptureRig}. */
@NullMarked
package dev.tailrace.capture;

import org.jspecify.annotations.NullMarked;
