package dev.tailrace.event;

import java.util.Objects;

/**
 * The identity of a change, derived from the source position alone: the same after every retry, restart and replay.
 *
 * <p>Streamed changes: {@code <source>-<log>-<offset>-<ordinal>}, the numbers in hexadecimal of fixed width so that ids
 * of one source sort in log order. Snapshot rows: {@code <source>-s<epoch>-<ordinal>}, the ordinal counting the rows of
 * that snapshot attempt. Letters, digits and {@code -} only.
 *
 * @param text the whole id
 */
public record EventId(String text) {
    public EventId {
        Objects.requireNonNull(text, "text");
    }

    /** @param ordinal counts the changes of one transaction that share this position (COPY, multi-row inserts), from 0 */
    public static EventId ofChange(SourcePosition position, long ordinal) {
        return new EventId(position.source() + "-" + hex(position.log(), 8) + "-" + hex(position.offset(), 16) + "-"
                + hex(ordinal, 8));
    }

    public static EventId ofSnapshot(String source, long epoch, long ordinal) {
        return new EventId(source + "-s" + epoch + "-" + hex(ordinal, 16));
    }

    private static String hex(long value, int width) {
        StringBuilder digits = new StringBuilder(Long.toHexString(value));
        while (digits.length() < width) {
            digits.insert(0, '0');
        }
        return digits.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
