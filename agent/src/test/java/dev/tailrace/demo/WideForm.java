package dev.tailrace.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** How a column is asked for at each kind of database, so that equal values come out as equal texts. */
enum WideForm {
    NUMBER(CanonicalValue.NUMBER, "CAST(%s AS CHAR)", "%s::text"),
    TRUTH(CanonicalValue.NUMBER, "CAST(%s AS CHAR)", "%s::int::text"),
    /** What PostgreSQL shows with a sign and commas. */
    MONEY(CanonicalValue.NUMBER, "CAST(%s AS CHAR)", "%s::numeric::text"),
    /** A number of single precision becomes the double that it is exactly. */
    FLOATING(CanonicalValue.DOUBLE, "CAST(CAST(%s AS DOUBLE) AS CHAR)", "%s::float8::text"),
    BITS(CanonicalValue.BITS, "BIN(%s)", "%s::text"),
    TEXT(CanonicalValue.TEXT, "CONVERT(CAST(%s AS CHAR) USING utf8mb4)", "%s::text"),
    /** The server's own cast to text cuts the blanks. */
    PADDED(CanonicalValue.TEXT, "CONVERT(CAST(%s AS CHAR) USING utf8mb4)", "textin(bpcharout(%s))"),
    BYTES(CanonicalValue.TEXT, "LOWER(HEX(%s))", "encode(%s, 'hex')"),
    /** In a session in UTC. */
    TEMPORAL(CanonicalValue.TEMPORAL, "CAST(%s AS CHAR)", "%s::text"),
    /** A time with a zone arrives as the same time in UTC. */
    ZONED_TIME(CanonicalValue.TEMPORAL, "CAST(%s AS CHAR)", "(%s AT TIME ZONE 'UTC')::text"),
    JSON(CanonicalValue.JSON, "CAST(%s AS CHAR)", "%s::text"),
    /** Element by element, whatever kind of JSON an element has become. */
    ARRAY(CanonicalValue.TEXT, "CAST(%s AS CHAR)", "array_to_json(%s::text[])::text") {
        @Override
        String canonical(String text) {
            try {
                return elements(LargeJson.MAPPER
                        .reader()
                        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .with(JsonNodeFactory.withExactBigDecimals(true))
                        .readTree(text));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an array arrived as something else than JSON", e);
            }
        }
    };

    private final CanonicalValue value;
    private final String mySql;
    private final String postgres;

    WideForm(CanonicalValue value, String mySql, String postgres) {
        this.value = value;
        this.mySql = mySql;
        this.postgres = postgres;
    }

    String mySql(String quoted) {
        return String.format(mySql, quoted);
    }

    String postgres(String quoted) {
        return String.format(postgres, quoted);
    }

    /** @param text as the database gives it for this form's expression */
    String canonical(String text) {
        return value.of(text);
    }

    private static String elements(JsonNode node) {
        if (!node.isArray()) {
            String text = node.isBigDecimal() ? node.decimalValue().toPlainString() : node.asText();
            return node.isNull() ? "null" : "'" + text + "'";
        }
        StringBuilder text = new StringBuilder("[");
        node.forEach(element -> text.append(elements(element)).append(','));
        return text.append(']').toString();
    }
}
