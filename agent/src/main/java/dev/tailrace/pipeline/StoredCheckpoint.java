package dev.tailrace.pipeline;

import java.util.Objects;

/**
 * What the agent itself remembers of a sink.
 *
 * @param journal identity of the journal that numbered the frames
 * @param passed last frame up to which nothing wanted is missing at the target
 * @param token of the agent's start that wrote that frame; empty when it had none
 * @param target for a sink that keeps its own checkpoint: the sequence found or written there when this was stored, so
 *     that {@code passed} counts only while the target still says the same; 0 when the target had none. For all other
 *     sinks the same as {@code passed}
 * @param targetToken of the start that wrote the frame {@code target}, which the journal may have deleted since
 * @param position of the frame {@code passed} in the source's own words, for people
 */
record StoredCheckpoint(String journal, long passed, String token, long target, String targetToken, String position) {
    StoredCheckpoint {
        Objects.requireNonNull(journal, "journal");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(targetToken, "targetToken");
        Objects.requireNonNull(position, "position");
    }
}
