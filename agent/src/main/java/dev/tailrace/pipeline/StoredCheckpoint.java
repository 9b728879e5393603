package dev.tailrace.pipeline;

import java.util.Objects;

/**
 * What the agent itself remembers of a sink.
 *
 * @param journal identity of the journal that numbered the frames
 * @param passed last frame up to which nothing wanted is missing at the target
 * @param target for a sink that keeps its own checkpoint: the sequence found or written there when this was stored, so
 *     that {@code passed} counts only while the target still says the same; 0 when the target had none. For all other
 *     sinks the same as {@code passed}
 * @param position that frame's position in the source's own words, for people
 */
record StoredCheckpoint(String journal, long passed, long target, String position) {
    StoredCheckpoint {
        Objects.requireNonNull(journal, "journal");
        Objects.requireNonNull(position, "position");
    }
}
