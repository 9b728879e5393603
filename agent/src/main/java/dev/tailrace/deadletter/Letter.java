package dev.tailrace.deadletter;

import dev.tailrace.event.ChangeEvent;

/**
 * A change in the log.
 *
 * @param number grows in the order of the changes; never used again
 * @param lane whose it is
 * @param event the whole change, with its table's shape
 * @param frame of the journal it came in
 * @param transaction the source's transaction id
 * @param commitMicros commit time at the source, microseconds since 1970-01-01T00:00:00Z
 */
public record Letter(long number, long lane, ChangeEvent event, long frame, String transaction, long commitMicros) {}
