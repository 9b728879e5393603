package dev.tailrace.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes. Written {@code 512}, {@code 64KiB}, {@code 20GiB} (powers of 1024) or {@code 20GB} (powers of 1000).
 *
 * @param bytes not negative
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*(B|KB|MB|GB|TB|KIB|MIB|GIB|TIB)?");
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative: " + bytes);
        }
    }

    public static DataSize ofMebibytes(long mebibytes) {
        return new DataSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    public static DataSize ofGibibytes(long gibibytes) {
        return new DataSize(Math.multiplyExact(gibibytes, 1L << 30));
    }

    /** @throws IllegalArgumentException when the text is not a size; the message says what is */
    public static DataSize parse(String text) {
        Matcher matcher = FORM.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "is not a size; write a whole number with a unit, such as 64MiB or 20GiB");
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int power = "BKMGT".indexOf(unit.charAt(0));
        long base = unit.endsWith("IB") ? 1024 : 1000;
        try {
            long factor = 1;
            for (int i = 0; i < power; i++) {
                factor *= base;
            }
            return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is larger than any disk", e);
        }
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The largest binary unit that divides it: {@code 20GiB}, {@code 1500B}. */
    @Override
    public String toString() {
        int unit = 0;
        long value = bytes;
        while (unit < BINARY.length - 1 && value != 0 && value % 1024 == 0) {
            value /= 1024;
            unit++;
        }
        return value + BINARY[unit];
    }
}
