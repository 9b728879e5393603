package dev.tailrace.sink.jdbc;

import java.math.BigDecimal;

/** Values as decimals that are exactly the same number. */
public final class ExactNumbers {
    private ExactNumbers() {}

    /** @throws IllegalArgumentException when it is no finite number; the message names the kind of value */
    public static BigDecimal of(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof Boolean flag) {
            return flag ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("NaN or an infinity");
            }
            requireSignless(number);
            return new BigDecimal(number);
        }
        if (value instanceof Number number) {
            return BigDecimal.valueOf(number.longValue());
        }
        try {
            return new BigDecimal(value.toString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("something that is no number", e);
        }
    }

    /**
     * For a number type without a zero below zero.
     *
     * @throws IllegalArgumentException when it is one
     */
    public static void requireSignless(double number) {
        if (Double.compare(number, -0.0) == 0) {
            throw new IllegalArgumentException("a negative zero");
        }
    }

    /**
     * The value for a column with that many digits behind the point, where a database would round a longer one.
     *
     * @throws IllegalArgumentException when it has more of them, or is no finite number; the message names the kind of value
     */
    public static BigDecimal of(Object value, int scale) {
        BigDecimal number = of(value);
        if (number.scale() > scale && number.stripTrailingZeros().scale() > scale) {
            throw new IllegalArgumentException("a number with more digits after the point");
        }
        return number.scale() > scale ? number.setScale(scale) : number;
    }
}
