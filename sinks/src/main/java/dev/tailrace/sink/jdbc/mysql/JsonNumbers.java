package dev.tailrace.sink.jdbc.mysql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.regex.Pattern;

/**
 * Numbers inside of JSON. MySQL keeps whole numbers of 64 bits, signed or not, and makes a double of every other one it
 * reads, rounding without a word ("The JSON Data Type" in its manual).
 */
final class JsonNumbers {
    /** Any number with 15 digits comes back from a double as it was; no exponent is looked at here. */
    private static final Pattern SUSPECT = Pattern.compile("[0-9][0-9.]{15}|[0-9][eE][-+0-9]");

    private static final BigInteger SMALLEST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private static final int MOST_DIGITS = 17;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonNumbers() {}

    /** Whether MySQL would round none of them. What is no JSON is the server's to refuse. */
    static boolean areExact(String json) {
        if (!SUSPECT.matcher(json).find()) {
            return true;
        }
        try (JsonParser parser = JSON.createParser(json)) {
            JsonToken token;
            while ((token = parser.nextToken()) != null) {
                if (token.isNumeric() && !isExact(parser.getText())) {
                    return false;
                }
            }
        } catch (IOException e) {
            return true;
        }
        return true;
    }

    private static boolean isExact(String text) {
        BigDecimal number = new BigDecimal(text);
        if (text.matches("-?[0-9]+")
                && number.toBigInteger().compareTo(SMALLEST) >= 0
                && number.toBigInteger().compareTo(LARGEST) <= 0) {
            return true;
        }
        double nearest = number.doubleValue();
        return Double.isFinite(nearest) && shortest(nearest).compareTo(number) == 0;
    }

    /** The fewest digits that only this double has: what it is written as again. Before Java 19 its text may have more. */
    private static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == number) {
                return rounded;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS));
    }
}
