/**
 * The vocabulary of a change: what every room of Tailrace and every sink speaks.
 *
 * <p>All types are immutable and know nothing of Debezium, Chronicle or any target. Start at {@link
 * dev.tailrace.event.ChangeEvent}; a value that the source did not send is {@link
 * dev.tailrace.event.Row#isAbsent absent}, which is not the same as null (I7).
 */
@NullMarked
package dev.tailrace.event;

import org.jspecify.annotations.NullMarked;
