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
    /** PostgreSQL's own text: some types have a cast to text that says something else. */
    TEXT(CanonicalValue.TEXT, "CONVERT(CAST(%s AS CHAR) USING utf8mb4)", WideForm.OUTPUT),
    /** The server's own cast to text cuts the blanks. */
    PADDED(CanonicalValue.TEXT, "CONVERT(CAST(%s AS CHAR) USING utf8mb4)", "textin(bpcharout(%s))"),
    BYTES(CanonicalValue.TEXT, "LOWER(HEX(%s))", "encode(%s, 'hex')"),
    /** In a session in UTC. */
    TEMPORAL(CanonicalValue.TEMPORAL, "CAST(%s AS CHAR)", "%s::text"),
    JSON(CanonicalValue.JSON, "CAST(%s AS CHAR)", "%s::text"),
    /** Element by element, whatever kind of JSON an element has become. */
    ARRAY(CanonicalValue.TEXT, "CAST(%s AS CHAR)", WideForm.elements("%1$s::text[]")) {
        @Override
        String canonical(String text) {
            return inJson(text, CanonicalValue.TEXT);
        }
    },
    MONEY_ARRAY(CanonicalValue.TEXT, "CAST(%s AS CHAR)", WideForm.elements("%1$s::numeric[]::text[]")) {
        @Override
        String canonical(String text) {
            return inJson(text, CanonicalValue.TEXT);
        }
    },
    FLOAT_ARRAY(CanonicalValue.DOUBLE, "CAST(%s AS CHAR)", WideForm.elements("%1$s::text[]")) {
        @Override
        String canonical(String text) {
            return inJson(text, CanonicalValue.DOUBLE);
        }
    },
    /** With the blanks, which a cast of the array cuts. */
    PADDED_ARRAY(
            CanonicalValue.TEXT,
            "CAST(%s AS CHAR)",
            "CASE WHEN %1$s IS NOT NULL THEN (SELECT json_agg(textin(bpcharout(e)))::text FROM unnest(%1$s) e) END") {
        @Override
        String canonical(String text) {
            return inJson(text, CanonicalValue.TEXT);
        }
    };

    static final String OUTPUT = "CASE WHEN %1$s IS NOT DISTINCT FROM NULL THEN NULL ELSE format('%%s', %1$s) END";

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

    /** As JSON; with its bounds when they do not begin at one. */
    private static String elements(String texts) {
        return "CASE WHEN %1$s IS NULL THEN NULL WHEN %1$s::text LIKE '[%%' THEN json_build_object('bounds',"
                + " split_part(%1$s::text, '=', 1), 'elements', array_to_json(" + texts
                + "))::text ELSE array_to_json(" + texts + ")::text END";
    }

    private static String inJson(String text, CanonicalValue element) {
        try {
            return elements(
                    LargeJson.MAPPER
                            .reader()
                            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                            .with(JsonNodeFactory.withExactBigDecimals(true))
                            .readTree(text),
                    element);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an array arrived as something else than JSON", e);
        }
    }

    private static String elements(JsonNode node, CanonicalValue element) {
        if (node.isObject()) {
            return node.get("bounds").asText() + "=" + elements(node.get("elements"), element);
        }
        if (!node.isArray()) {
            String text = node.isBigDecimal() ? node.decimalValue().toPlainString() : node.asText();
            return node.isNull() ? "null" : "'" + element.of(text) + "'";
        }
        StringBuilder text = new StringBuilder("[");
        node.forEach(part -> text.append(elements(part, element)).append(','));
        return text.append(']').toString();
    }
}
