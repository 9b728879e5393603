package dev.tailrace.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Forms in which equal values of different databases have equal texts, made from each database's own text. */
enum CanonicalValue {
    /** Text, enums and everything whose text is the value. */
    TEXT {
        @Override
        String of(String text) {
            return text;
        }
    },
    /** Integers, decimals with their scale, truth values. */
    NUMBER {
        @Override
        String of(String text) {
            return switch (text) {
                case "t" -> "1";
                case "f" -> "0";
                case "NaN" -> text;
                default -> new BigDecimal(text).toPlainString();
            };
        }
    },
    /** A number of single precision, whatever holds it. */
    FLOAT {
        @Override
        String of(String text) {
            return Float.toString(Float.parseFloat(text));
        }
    },
    DOUBLE {
        @Override
        String of(String text) {
            return Double.toString(Double.parseDouble(text));
        }
    },
    /** A date, a time of day or a moment in UTC: {@code 2024-02-29 23:59:59.5}. */
    TEMPORAL {
        @Override
        String of(String text) {
            String local = ZONE.matcher(text.replace('T', ' ')).replaceFirst("");
            return NO_FRACTION
                    .matcher(TRAILING_ZEROS.matcher(local).replaceFirst("$1"))
                    .replaceFirst("");
        }
    },
    /** Bits, the highest first, without leading zeros; a truth value as one bit. */
    BITS {
        @Override
        String of(String text) {
            return switch (text) {
                case "t" -> "1";
                case "f" -> "0";
                default -> LEADING_ZEROS.matcher(text).replaceFirst("");
            };
        }
    },
    /** Two hexadecimal digits a byte, small letters, after {@code \x}. */
    BYTES {
        @Override
        String of(String text) {
            return text;
        }
    },
    /** Members by name, numbers by value. */
    JSON {
        @Override
        String of(String text) {
            try {
                return sorted(EXACT.readTree(text)).toString();
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a column of JSON holds something else");
            }
        }
    };

    private static final Pattern ZONE = Pattern.compile("(Z|\\+00(:00)?)(?=$| BC$)");
    private static final Pattern TRAILING_ZEROS = Pattern.compile("(\\.\\d*?)0+$");
    private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=.)");
    private static final Pattern NO_FRACTION = Pattern.compile("\\.$");
    private static final ObjectReader EXACT =
            LargeJson.MAPPER.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** @param text as the database writes it, in a session in UTC */
    abstract String of(String text);

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            object.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            return LargeJson.MAPPER.createObjectNode().setAll(members);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode elements = LargeJson.MAPPER.createArrayNode();
            array.forEach(element -> elements.add(sorted(element)));
            return elements;
        }
        // 1.50 and 1.5 are the same number, and so are 1E+1 and 10
        return node.isBigDecimal()
                ? LargeJson.MAPPER
                        .getNodeFactory()
                        .textNode(node.decimalValue().stripTrailingZeros().toPlainString())
                : node;
    }
}
