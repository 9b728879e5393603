package dev.tailrace.event;

/**
 * How a column's value is carried. The column's {@linkplain Column#sourceType() source type} says what it means;
 * this says which Java class holds it, in the journal and at every sink.
 *
 * <p>The ordinal is durable in journals: append only, never reorder.
 */
public enum ValueType {
    /** {@link Boolean}. */
    BOOLEAN,
    /** {@link Short}. */
    INT16,
    /** {@link Integer}. */
    INT32,
    /** {@link Long}. */
    INT64,
    /** {@link Float}; NaN and infinities included. */
    FLOAT32,
    /** {@link Double}; NaN and infinities included. */
    FLOAT64,
    /**
     * {@link java.math.BigDecimal} with the source's scale; the numbers a decimal cannot hold (NaN, Infinity,
     * -Infinity) are {@link Double}.
     */
    DECIMAL,
    /** {@link String}: text, and every type whose lossless form is its text (uuid, json, enum, inet, interval ...). */
    TEXT,
    /** {@code byte[]}; never modified after the event was built. */
    BYTES,
    /** {@link Integer}: days since 1970-01-01 (proleptic Gregorian); {@link #DATE_INFINITY} and its negation. */
    DATE,
    /** {@link Long}: microseconds since midnight, 24:00:00 included; MySQL may be negative or beyond a day. */
    TIME,
    /** {@link Long}: microseconds since 1970-01-01T00:00:00 on the wall clock; {@link #TIMESTAMP_INFINITY} and its negation. */
    TIMESTAMP,
    /** {@link Long}: microseconds since 1970-01-01T00:00:00Z; {@link #TIMESTAMP_INFINITY} and its negation. */
    TIMESTAMPTZ,
    /** {@link String} of {@code 0} and {@code 1}, most significant first. */
    BITS,
    /**
     * {@link java.util.List} of values of {@link Column#elementType()}; elements may be null, or lists again for more
     * dimensions. A {@link BoundedArray} when its subscripts do not begin at one.
     */
    ARRAY;

    /** The date {@code infinity}; {@code -infinity} is its negation. */
    public static final int DATE_INFINITY = Integer.MAX_VALUE;

    /** The timestamp {@code infinity}; {@code -infinity} is its negation. */
    public static final long TIMESTAMP_INFINITY = Long.MAX_VALUE;
}
