package dev.tailrace.deadletter;

import org.jspecify.annotations.Nullable;

/**
 * The changes of one row, or of rows that a change of a key has joined, in their order from the refused one on.
 *
 * @param number of this lane in its file, never used again
 * @param refused id of the change that the target refused last
 * @param refusal why; null when nobody asked the target yet
 * @param attempts how often it was tried again
 * @param frame of the journal in which it was first refused
 * @param lastMicros when the target was asked last, microseconds since 1970-01-01T00:00:00Z
 * @param nextTryMicros when it is tried again by itself, microseconds since 1970-01-01T00:00:00Z
 * @param token of the attempt that is under way; empty when there is none
 */
public record Lane(
        long number,
        LaneState state,
        String refused,
        @Nullable Refusal refusal,
        int attempts,
        long frame,
        long lastMicros,
        long nextTryMicros,
        String token) {}
