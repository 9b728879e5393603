package dev.tailrace.journal;

/** Frame numbers, both ends included: the PART frames among them were given up and are never read. */
record SequenceRange(long from, long to) {
    boolean contains(long sequence) {
        return from <= sequence && sequence <= to;
    }
}
