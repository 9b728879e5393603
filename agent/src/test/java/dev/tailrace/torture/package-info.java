/**
 * One agent, its source and its targets under one disturbance after another, many at a time, drawn by a seed; in the end
 * everything is compared. {@link dev.tailrace.torture.TortureTest} is where to start; {@code scripts/torture} is its long
 * form. Keeps I1 to I5 and I8 honest.
 */
@NullMarked
package dev.tailrace.torture;

import org.jspecify.annotations.NullMarked;
