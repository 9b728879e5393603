package dev.tailrace.sink;

import java.util.Objects;

/**
 * Up to where a target holds everything.
 *
 * @param journal identity of the journal that numbered the frames; a checkpoint of another journal says nothing
 * @param sequence number of the last journal frame all of whose changes are durable at the target; 0 before the first
 * @param token of the agent's start that wrote that frame: in another copy of the journal another start may have given the
 *     number to other changes (I9). Empty when the start had none, or before the first frame
 * @param position that frame's position in the source's own words, for people; empty when unknown
 */
public record Checkpoint(String journal, long sequence, String token, String position) {
    public Checkpoint {
        Objects.requireNonNull(journal, "journal");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(position, "position");
        if (sequence < 0) {
            throw new IllegalArgumentException("a checkpoint's sequence is not negative: " + sequence);
        }
    }
}
