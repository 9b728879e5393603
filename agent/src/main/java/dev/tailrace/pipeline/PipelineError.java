package dev.tailrace.pipeline;

import java.util.Objects;

/**
 * The error that a pipeline has at the moment.
 *
 * @param code stable, listed in docs/errors.md
 * @param message the object and what happened; no row's values and no secret
 * @param remedy what to do, empty when there is nothing to do
 * @param sinceMicros when the first of these errors in a row happened, microseconds since the epoch
 * @param attempts errors in a row
 */
public record PipelineError(String code, String message, String remedy, long sinceMicros, int attempts) {
    public PipelineError {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }
}
