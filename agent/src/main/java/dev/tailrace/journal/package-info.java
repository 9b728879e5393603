/**
 * The durable log between capture and the pipelines, and the only home of Chronicle Queue.
 *
 * <p>Start at {@link dev.tailrace.journal.Journal}. Keeps I1 (the tail it hands out is fsynced), I4 (back-pressure
 * instead of loss), I5 (readers see whole transactions only) and I8 (recoverable after kill -9 and power loss).
 */
@NullMarked
package dev.tailrace.journal;

import org.jspecify.annotations.NullMarked;
