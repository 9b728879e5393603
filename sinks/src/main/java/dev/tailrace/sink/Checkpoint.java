package dev.tailrace.sink;

import java.util.Objects;

/**
 * Up to where a target holds everything.
 *
 * @param journal identity of the journal that numbered the frames; a checkpoint of another journal says nothing
 * @param sequence number of the last journal frame all of whose changes are durable at the target; 0 before the first
 * @param position that frame's position in the source's own words, for people; empty when unknown
 */
public record Checkpoint(String journal, long sequence, String position) {
    public Checkpoint {
        Objects.requireNonNull(journal, "journal");
        Objects.requireNonNull(position, "position");
        if (sequence < 0) {
            throw new IllegalArgumentException("a checkpoint's sequence is not negative: " + sequence);
        }
    }
}
