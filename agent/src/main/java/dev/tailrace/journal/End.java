package dev.tailrace.journal;

import org.jspecify.annotations.Nullable;

/**
 * The newest frame that is fsynced and ends no unfinished transaction, and where it is.
 *
 * @param cycle its file
 * @param document number in that file of its last document
 * @param offset of the source behind it, null before the first
 */
record End(
        long sequence, int cycle, long document, @Nullable SourceOffset offset) {
    static final End NONE = new End(0, 0, 0, null);

    /** In the source's own words, empty when there is none. */
    String position() {
        return offset == null ? "" : offset.position().toString();
    }
}
