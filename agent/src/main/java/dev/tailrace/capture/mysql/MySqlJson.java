package dev.tailrace.capture.mysql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * One text for a JSON document, whether the server wrote its own text (a snapshot) or its binary form (the log): the
 * spacing is the server's, members keep the server's order, a number keeps its value. A number with a fraction is written
 * without trailing zeros, but with one digit after the point, so that it stays apart from an integer.
 */
final class MySqlJson {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    /** A number is written without exponent when it has no more digits than that before or after the point. */
    private static final int PLAIN_DIGITS = 30;
    /** So many digits always tell a double from its neighbours. */
    private static final int DOUBLE_DIGITS = 17;

    private MySqlJson() {}

    /** @throws IllegalArgumentException when it is no JSON */
    static String ofText(String text) {
        StringBuilder out = new StringBuilder(text.length());
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonToken previous = null;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (!token.isStructEnd() && previous != null && !previous.isStructStart()) {
                    out.append(previous == JsonToken.FIELD_NAME ? "" : ", ");
                }
                token(out, parser, token);
                previous = token;
            }
        } catch (IOException e) {
            // its message and its location would show the document
            throw new IllegalArgumentException("the server sent something that is no JSON document");
        }
        return out.toString();
    }

    private static void token(StringBuilder out, JsonParser parser, JsonToken token) throws IOException {
        switch (token) {
            case FIELD_NAME -> {
                quote(out, parser.currentName());
                out.append(": ");
            }
            case VALUE_STRING -> quote(out, parser.getText());
            case VALUE_NUMBER_INT -> out.append(parser.getText());
            case VALUE_NUMBER_FLOAT -> out.append(fraction(parser.getText()));
            default -> out.append(token.asString());
        }
    }

    /** @throws IllegalArgumentException when it is not the server's binary form */
    static String ofBinary(byte[] binary) {
        if (binary.length == 0) {
            return "null"; // the server reads it so
        }
        JsonText text = new JsonText();
        try {
            new ServerJson(binary).parse(text);
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException("the log holds a JSON document that cannot be read");
        }
        return text.toString();
    }

    /** @param text of a number with a point or an exponent */
    static String fraction(String text) {
        return number(new BigDecimal(text), text.charAt(0) == '-');
    }

    static String number(double value) {
        return number(shortest(value), 1 / value < 0);
    }

    static String number(BigDecimal value, boolean negative) {
        if (value.signum() == 0) {
            return negative ? "-0.0" : "0.0";
        }
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.precision() - stripped.scale() <= PLAIN_DIGITS && stripped.scale() <= PLAIN_DIGITS) {
            return stripped.scale() > 0
                    ? stripped.toPlainString()
                    : stripped.setScale(1).toPlainString();
        }
        int exponent = stripped.precision() - stripped.scale() - 1;
        return stripped.movePointLeft(exponent).toPlainString() + "e" + exponent;
    }

    /** The decimal with the fewest digits that is read as this double, as the server writes it. */
    private static BigDecimal shortest(double value) {
        if (value == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < DOUBLE_DIGITS; digits++) {
            BigDecimal down = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal up = exact.round(new MathContext(digits, RoundingMode.UP));
            boolean downIsIt = down.doubleValue() == value;
            boolean upIsIt = up.doubleValue() == value;
            if (downIsIt && upIsIt) {
                return exact.subtract(down).abs().compareTo(up.subtract(exact).abs()) <= 0 ? down : up;
            }
            if (downIsIt || upIsIt) {
                return downIsIt ? down : up;
            }
        }
        return exact.round(new MathContext(DOUBLE_DIGITS, RoundingMode.HALF_EVEN));
    }

    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
