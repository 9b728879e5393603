/** Capture against a real MySQL and a real journal. Start at {@link dev.tailrace.capture.mysql.MySqlCaptureContract}. */
@NullMarked
package dev.tailrace.capture.mysql;

import org.jspecify.annotations.NullMarked;
