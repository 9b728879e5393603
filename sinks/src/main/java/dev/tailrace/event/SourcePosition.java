package dev.tailrace.event;

import java.util.Objects;

/**
 * A place in the source's log.
 *
 * <p>Positions of one source and one log family are ordered by {@code (log, offset)}; across a change of {@code
 * source} they are not comparable. The total order of events is the journal's, never this.
 *
 * @param source stable identity of the source's log: {@code pg-<system identifier>-<timeline>}, {@code my-<server
 *     uuid>}; letters, digits and {@code -} only
 * @param log PostgreSQL: 0; MySQL: the number of the binlog file
 * @param offset PostgreSQL: the LSN (unsigned); MySQL: the byte position
 */
public record SourcePosition(String source, long log, long offset) {
    public SourcePosition {
        Objects.requireNonNull(source, "source");
    }

    /** Whether this place comes before the other one; false when they belong to different sources. */
    public boolean isBefore(SourcePosition other) {
        if (!source.equals(other.source)) {
            return false;
        }
        return log != other.log ? log < other.log : Long.compareUnsigned(offset, other.offset) < 0;
    }

    /** The place in the source's own words: {@code 0/16B3748} for PostgreSQL, {@code 000012:4711} for MySQL. */
    @Override
    public String toString() {
        return source.startsWith("pg-")
                ? Long.toHexString(offset >>> 32).toUpperCase(java.util.Locale.ROOT) + "/"
                        + Long.toHexString(offset & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT)
                : String.format("%06d:%d", log, offset);
    }
}
