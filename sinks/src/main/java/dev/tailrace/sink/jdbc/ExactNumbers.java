package dev.tailrace.sink.jdbc;

import java.math.BigDecimal;

/** Values as numbers of another kind that are exactly the same, or are refused. */
public final class ExactNumbers {
    private static final String MORE_BITS = "a number of more bits";

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
            return new BigDecimal(signless(number));
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
     * The number for a type without a negative zero.
     *
     * @throws IllegalArgumentException when it is one
     */
    public static double signless(double number) {
        if (Double.compare(number, -0.0) == 0) {
            throw new IllegalArgumentException("a negative zero");
        }
        return number;
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

    /**
     * The value for a column of double precision, which may be NaN and infinite. A decimal is kept there when the double's
     * own digits are its digits: 0.1 is, 9007199254740993 is not.
     *
     * @throws IllegalArgumentException when it has more bits; the message names the kind of value
     */
    public static double floating(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        BigDecimal exact = of(value);
        double number = exact.doubleValue();
        if (Double.isInfinite(number) || new BigDecimal(Double.toString(number)).compareTo(exact) != 0) {
            throw new IllegalArgumentException(MORE_BITS);
        }
        return number;
    }

    /** The same for a column of single precision. */
    public static float single(Object value) {
        double number = floating(value);
        float single = (float) number;
        if (Double.compare(single, number) != 0) {
            throw new IllegalArgumentException(MORE_BITS);
        }
        return single;
    }
}
