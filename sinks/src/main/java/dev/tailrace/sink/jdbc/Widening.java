package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which types of PostgreSQL and MySQL hold all values of which others, unchanged. What is not known here is taken for
 * narrower, so that somebody looks at it (I7).
 */
final class Widening {
    /** Bits of the whole numbers; PostgreSQL's serials are whole numbers with a default. */
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("tinyint", 8),
            Map.entry("smallint", 16),
            Map.entry("int2", 16),
            Map.entry("smallserial", 16),
            Map.entry("mediumint", 24),
            Map.entry("int", 32),
            Map.entry("integer", 32),
            Map.entry("int4", 32),
            Map.entry("serial", 32),
            Map.entry("bigint", 64),
            Map.entry("int8", 64),
            Map.entry("bigserial", 64));

    /** Digits that a value of so many bits may have. */
    private static final Map<Integer, Integer> DIGITS = Map.of(8, 3, 16, 5, 24, 8, 32, 10, 64, 20);

    private static final int FLOAT_BITS = 24;
    private static final int DOUBLE_BITS = 53;
    private static final int BYTES_PER_CHARACTER = 4;
    private static final int LARGEST_NUMERIC = 1000;
    /** Of what MySQL has no length for, in bytes; each holds what is shorter. */
    private static final Map<String, Long> LARGE = Map.of(
            "tinytext",
            255L,
            "text",
            65_535L,
            "mediumtext",
            16_777_215L,
            "longtext",
            4_294_967_295L,
            "tinyblob",
            255L,
            "blob",
            65_535L,
            "mediumblob",
            16_777_215L,
            "longblob",
            4_294_967_295L);

    private static final List<String> DECIMALS = List.of("numeric", "decimal");
    private static final List<String> SINGLE = List.of("float4", "float");
    private static final List<String> DOUBLE = List.of("float8", "double");

    /** Types whose length is a precision or a longest length, and nothing else. */
    private static final List<String> SIZED =
            List.of("timestamp", "timestamptz", "time", "timetz", "datetime", "interval", "varbit", "varbinary");

    private Widening() {}

    /** Whether both are the same type with the same sizes. */
    static boolean same(Column from, Column to) {
        return from.sourceType().equals(to.sourceType())
                && from.length() == to.length()
                && from.scale() == to.scale()
                && from.valueType() == to.valueType()
                && from.elementType() == to.elementType();
    }

    /**
     * Whether every value of the one column is the same value in the other.
     *
     * @param mySql whose type names these are
     */
    static boolean holds(Column from, Column to, boolean mySql) {
        if (same(from, to)) {
            return true;
        }
        if (from.valueType() == ValueType.ARRAY && to.valueType() == ValueType.ARRAY) {
            return element(from) != null
                    && element(to) != null
                    && holds(Objects.requireNonNull(element(from)), Objects.requireNonNull(element(to)), mySql);
        }
        String before = SourceNames.base(from);
        String after = SourceNames.base(to);
        Integer bits = BITS.get(before);
        if (bits != null) {
            return number(bits, SourceNames.isUnsigned(from), to, after);
        }
        if (DECIMALS.contains(before) && DECIMALS.contains(after)) {
            return decimal(from, to, mySql);
        }
        if (SINGLE.contains(before)) {
            return DOUBLE.contains(after) || (SINGLE.contains(after) && from.length() < 0 && to.length() < 0);
        }
        if (SIZED.contains(before) && before.equals(after) && from.valueType() == to.valueType()) {
            return longer(from.length(), to.length());
        }
        return mySql ? mySqlText(from, before, to, after) : text(from, before, to, after);
    }

    private static @Nullable Column element(Column array) {
        String type = array.sourceType();
        ValueType carried = array.elementType();
        String name = type.startsWith("_") ? type.substring(1) : type.endsWith("[]") ? type.replace("[]", "") : "";
        return name.isEmpty() || carried == null || carried == ValueType.ARRAY
                ? null
                : new Column(array.name(), name, array.length(), array.scale(), true, carried, null);
    }

    private static boolean number(int bits, boolean unsigned, Column to, String after) {
        Integer room = BITS.get(after);
        if (room != null) {
            boolean wantsSign = !unsigned;
            boolean hasSign = !SourceNames.isUnsigned(to);
            if (wantsSign == hasSign) {
                return room >= bits;
            }
            return hasSign && room > bits;
        }
        if (DECIMALS.contains(after)) {
            return unbounded(to) || to.length() - Math.max(0, to.scale()) >= Objects.requireNonNull(DIGITS.get(bits));
        }
        return (DOUBLE.contains(after) && bits <= DOUBLE_BITS) || (SINGLE.contains(after) && bits <= FLOAT_BITS);
    }

    /** PostgreSQL's numeric without a precision; a source reports an impossible length for it, or none. */
    private static boolean unbounded(Column column) {
        return column.length() <= 0 || column.length() > LARGEST_NUMERIC || column.scale() < 0;
    }

    private static boolean decimal(Column from, Column to, boolean mySql) {
        if (!mySql && unbounded(to)) {
            return true;
        }
        if (unbounded(from) || unbounded(to)) {
            return false;
        }
        return to.scale() >= from.scale() && to.length() - to.scale() >= from.length() - from.scale();
    }

    private static boolean longer(int from, int to) {
        return to < 0 || (from >= 0 && to >= from);
    }

    private static boolean text(Column from, String before, Column to, String after) {
        return switch (before) {
            case "varchar" ->
                after.equals("text") || (after.equals("varchar") && longer(sized(from.length()), sized(to.length())));
            case "text" -> after.equals("varchar") && sized(to.length()) < 0;
            // Its values end in spaces, which other types would keep.
            case "bpchar" -> after.equals("bpchar") && longer(sized(from.length()), sized(to.length()));
            default -> false;
        };
    }

    /** A source reports the largest length where none was declared. */
    private static int sized(int length) {
        return length > 0 && length <= 10_485_760 ? length : -1;
    }

    private static boolean mySqlText(Column from, String before, Column to, String after) {
        boolean text = isText(before) && isText(after);
        boolean bytes = isBytes(before) && isBytes(after);
        if (!text && !bytes) {
            return false;
        }
        Long room = LARGE.get(after);
        Long needed = LARGE.get(before);
        if (room != null) {
            long bytesNeeded = needed != null ? needed : from.length() * (long) (text ? BYTES_PER_CHARACTER : 1);
            return room >= bytesNeeded;
        }
        // A fixed length fills up with zeros.
        return needed == null && !after.equals("binary") && to.length() >= from.length() && from.length() > 0;
    }

    private static boolean isText(String type) {
        return type.equals("char") || type.equals("varchar") || type.endsWith("text");
    }

    private static boolean isBytes(String type) {
        return type.equals("binary")
                || type.equals("varbinary")
                || type.toLowerCase(Locale.ROOT).endsWith("blob");
    }
}
