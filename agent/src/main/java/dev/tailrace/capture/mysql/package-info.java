/** MySQL as a source. */
@NullMarked
package dev.tailrace.capture.mysql;

import org.jspecify.annotations.NullMarked;
