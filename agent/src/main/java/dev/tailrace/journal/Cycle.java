package dev.tailrace.journal;

/**
 * One file of the journal whose beginning is intact.
 *
 * @param number of the file
 * @param firstSequence number of its CYCLE frame
 * @param epoch that wrote it
 */
record Cycle(int number, long firstSequence, long epoch, CycleHeader header) {}
