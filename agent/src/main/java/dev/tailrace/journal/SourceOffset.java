package dev.tailrace.journal;

import dev.tailrace.event.SourcePosition;
import java.util.Map;
import java.util.Objects;

/**
 * Where the source is to be read from again, in the form that the capture understands.
 *
 * @param position for people and for comparisons within one source
 * @param attributes what capture needs to restart; values are {@link Long}, {@link String} or {@link Boolean}
 */
public record SourceOffset(SourcePosition position, Map<String, Object> attributes) {
    public SourceOffset {
        Objects.requireNonNull(position, "position");
        attributes = Map.copyOf(attributes);
        for (Map.Entry<String, Object> entry : attributes.entrySet()) {
            Object value = entry.getValue();
            if (!(value instanceof Long || value instanceof String || value instanceof Boolean)) {
                throw new IllegalArgumentException("offset attribute " + entry.getKey() + " is a "
                        + value.getClass().getSimpleName());
            }
        }
    }
}
