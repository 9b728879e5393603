package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;

/**
 * How a column's values travel to the server: in the type's binary form where that says exactly the same, else as text
 * that a cast to the column's type reads.
 */
enum BinaryType {
    INT2("int2", Oid.INT2, Oid.INT2_ARRAY),
    INT4("int4", Oid.INT4, Oid.INT4_ARRAY),
    INT8("int8", Oid.INT8, Oid.INT8_ARRAY),
    BOOL("bool", Oid.BOOL, Oid.BOOL_ARRAY),
    FLOAT4("float4", Oid.FLOAT4, Oid.FLOAT4_ARRAY),
    FLOAT8("float8", Oid.FLOAT8, Oid.FLOAT8_ARRAY),
    BYTEA("bytea", Oid.BYTEA, Oid.BYTEA_ARRAY),
    NUMERIC("numeric", Oid.NUMERIC, Oid.NUMERIC_ARRAY),
    DATE("date", Oid.DATE, Oid.DATE_ARRAY),
    TIME("time", Oid.TIME, Oid.TIME_ARRAY),
    TIMESTAMP("timestamp", Oid.TIMESTAMP, Oid.TIMESTAMP_ARRAY),
    TIMESTAMPTZ("timestamptz", Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ_ARRAY),
    TEXT("text", Oid.TEXT, Oid.TEXT_ARRAY);

    /** 2000-01-01, from which the server counts, after 1970-01-01. */
    private static final int EPOCH_DAYS = 10_957;

    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final long EPOCH_MICROS = EPOCH_DAYS * MICROS_PER_DAY;

    /** 4714-11-24 BC to 294276-12-31: the texts of values beyond that are refused by the server, with their own error. */
    private static final long FIRST_MICROS = -2_440_588L * MICROS_PER_DAY;

    private static final long END_MICROS = 106_751_991L * MICROS_PER_DAY;

    /** A shorter scale, and digits as many as a long has, fit all limits of the server. */
    private static final int LONGEST_SCALE = 1_000;

    private static final int NUMERIC_NEGATIVE = 0x4000;
    private static final int DIGITS = 4;
    private static final long BASE = 10_000;

    private final String element;
    private final int oid;
    private final int arrayOid;

    BinaryType(String element, int oid, int arrayOid) {
        this.element = element;
        this.oid = oid;
        this.arrayOid = arrayOid;
    }

    /**
     * @param type the target column's, without length or domain
     * @param carried the class of its values
     */
    static BinaryType of(String type, ValueType carried) {
        BinaryType own = switch (carried) {
            case INT16 -> INT2;
            case INT32 -> INT4;
            case INT64 -> INT8;
            case BOOLEAN -> BOOL;
            case FLOAT32 -> FLOAT4;
            case FLOAT64 -> FLOAT8;
            case BYTES -> BYTEA;
            case DECIMAL -> NUMERIC;
            case DATE -> DATE;
            case TIME -> TIME;
            case TIMESTAMP -> TIMESTAMP;
            case TIMESTAMPTZ -> TIMESTAMPTZ;
            case TEXT, BITS, ARRAY -> TEXT;
        };
        return own.catalogName().equals(type) ? own : TEXT;
    }

    private String catalogName() {
        return switch (this) {
            case INT2 -> "smallint";
            case INT4 -> "integer";
            case INT8 -> "bigint";
            case BOOL -> "boolean";
            case FLOAT4 -> "real";
            case FLOAT8 -> "double precision";
            case TIME -> "time without time zone";
            case TIMESTAMP -> "timestamp without time zone";
            case TIMESTAMPTZ -> "timestamp with time zone";
            case BYTEA, NUMERIC, DATE, TEXT -> element;
        };
    }

    /** The type of an array's element as SQL names it. */
    String element() {
        return element;
    }

    int oid() {
        return oid;
    }

    int arrayOid() {
        return arrayOid;
    }

    /** Whether the binary form says the value exactly; else all of its array goes as text. */
    boolean holds(@Nullable Object value) {
        if (value == null) {
            return true;
        }
        return switch (this) {
            case NUMERIC -> value instanceof BigDecimal decimal && fits(decimal);
            case DATE -> days((Integer) value);
            case TIME -> (Long) value >= 0 && (Long) value <= MICROS_PER_DAY;
            case TIMESTAMP, TIMESTAMPTZ -> micros((Long) value);
            default -> true;
        };
    }

    private static boolean fits(BigDecimal decimal) {
        return Math.abs((long) decimal.scale()) <= LONGEST_SCALE && decimal.precision() <= LONGEST_SCALE;
    }

    private static boolean days(int days) {
        return days == ValueType.DATE_INFINITY
                || days == -ValueType.DATE_INFINITY
                || (days >= FIRST_MICROS / MICROS_PER_DAY && days < END_MICROS / MICROS_PER_DAY);
    }

    private static boolean micros(long micros) {
        return micros == ValueType.TIMESTAMP_INFINITY
                || micros == -ValueType.TIMESTAMP_INFINITY
                || (micros >= FIRST_MICROS && micros < END_MICROS);
    }

    /** Appends a value that it {@link #holds}: its length, then its bytes. */
    void write(BinaryOutput out, @Nullable Object value) {
        if (value == null) {
            out.int4(-1);
            return;
        }
        switch (this) {
            case INT2 -> out.int4(2).int2((Short) value);
            case INT4 -> out.int4(4).int4((Integer) value);
            case INT8 -> out.int4(8).int8((Long) value);
            case BOOL -> out.int4(1).int1((Boolean) value ? 1 : 0);
            case FLOAT4 -> out.int4(4).int4(Float.floatToIntBits((Float) value));
            case FLOAT8 -> out.int4(8).int8(Double.doubleToLongBits((Double) value));
            case BYTEA -> {
                byte[] bytes = (byte[]) value;
                out.int4(bytes.length).bytes(bytes);
            }
            case NUMERIC -> numeric(out, (BigDecimal) value);
            case DATE -> out.int4(4).int4(ofDays((Integer) value));
            case TIME -> out.int4(8).int8((Long) value);
            case TIMESTAMP, TIMESTAMPTZ -> out.int4(8).int8(ofMicros((Long) value));
            case TEXT -> out.text((String) value);
        }
    }

    private static int ofDays(int days) {
        if (days == ValueType.DATE_INFINITY) {
            return Integer.MAX_VALUE;
        }
        return days == -ValueType.DATE_INFINITY ? Integer.MIN_VALUE : days - EPOCH_DAYS;
    }

    private static long ofMicros(long micros) {
        if (micros == ValueType.TIMESTAMP_INFINITY) {
            return Long.MAX_VALUE;
        }
        return micros == -ValueType.TIMESTAMP_INFINITY ? Long.MIN_VALUE : micros - EPOCH_MICROS;
    }

    /** Groups of four decimal digits around the point, without zeros at either end. */
    private static void numeric(BinaryOutput out, BigDecimal value) {
        BigDecimal decimal = value.scale() < 0 ? value.setScale(0) : value;
        int scale = decimal.scale();
        int fraction = (scale + DIGITS - 1) / DIGITS;
        BigInteger unscaled = decimal.unscaledValue().abs();
        int padding = fraction * DIGITS - scale;
        short[] groups = new short[(decimal.precision() + padding + DIGITS - 1) / DIGITS + 1];
        int count;
        if (unscaled.bitLength() < Long.SIZE - 11) {
            count = groups(unscaled.longValue() * (long) Math.pow(10, padding), groups);
        } else {
            count = groups(unscaled.multiply(BigInteger.TEN.pow(padding)), groups);
        }
        int zeros = 0;
        while (zeros < count && groups[zeros] == 0) {
            zeros++;
        }
        int written = count - zeros;
        out.int4(8 + 2 * written);
        out.int2(written);
        out.int2(written == 0 ? 0 : count - fraction - 1);
        out.int2(decimal.signum() < 0 ? NUMERIC_NEGATIVE : 0);
        out.int2(scale);
        for (int i = count - 1; i >= zeros; i--) {
            out.int2(groups[i]);
        }
    }

    /** Least significant first; returns how many. */
    private static int groups(long number, short[] into) {
        int count = 0;
        for (long rest = number; rest != 0; rest /= BASE) {
            into[count++] = (short) (rest % BASE);
        }
        return count;
    }

    private static int groups(BigInteger number, short[] into) {
        BigInteger base = BigInteger.valueOf(BASE);
        int count = 0;
        BigInteger rest = number;
        while (rest.signum() != 0) {
            BigInteger[] parts = rest.divideAndRemainder(base);
            into[count++] = parts[1].shortValue();
            rest = parts[0];
        }
        return count;
    }
}
