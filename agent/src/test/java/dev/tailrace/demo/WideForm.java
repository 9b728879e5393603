package dev.tailrace.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** How a column is asked for at each kind of database, so that equal values come out as equal texts. */
enum WideForm {
    NUMBER(CanonicalValue.NUMBER, "CAST(%s AS CHAR)", "%s::text"),
    TRUTH(CanonicalValue.NUMBER, "CAST(%s AS CHAR)", "%s::int::text", "%s", "CAST(CAST(%s AS INT) AS VARCHAR)"),
    /** What PostgreSQL shows with a sign and commas. */
    MONEY(CanonicalValue.NUMBER, "CAST(%s AS CHAR)", "%s::numeric::text"),
    /** A number of single precision becomes the double that it is exactly. */
    FLOATING(
            CanonicalValue.DOUBLE,
            "CAST(CAST(%s AS DOUBLE) AS CHAR)",
            "%s::float8::text",
            "%s",
            "CAST(CAST(%s AS DOUBLE PRECISION) AS VARCHAR)"),
    BITS(CanonicalValue.BITS, "BIN(%s)", "%s::text"),
    /** PostgreSQL's own text: some types have a cast to text that says something else. */
    TEXT(CanonicalValue.TEXT, "CONVERT(CAST(%s AS CHAR) USING utf8mb4)", WideForm.OUTPUT),
    /** The server's own cast to text cuts the blanks. */
    PADDED(CanonicalValue.TEXT, "CONVERT(CAST(%s AS CHAR) USING utf8mb4)", "textin(bpcharout(%s))"),
    BYTES(
            CanonicalValue.TEXT,
            "LOWER(HEX(%s))",
            "encode(%s, 'hex')",
            "CASE WHEN %1$s IS NOT NULL THEN LOWER(HEX(%1$s)) END",
            "RAWTOHEX(%s)"),
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
    /** Each element as the server writes it: a cast of the array cuts blanks, and gives a host its netmask. */
    OUTPUT_ARRAY(
            CanonicalValue.TEXT,
            "CAST(%s AS CHAR)",
            "CASE WHEN %1$s IS NOT NULL THEN (SELECT json_agg(CASE WHEN e IS NOT NULL THEN format('%%s', e) END)::text"
                    + " FROM unnest(%1$s) e) END") {
        @Override
        String canonical(String text) {
            return inJson(text, CanonicalValue.TEXT);
        }
    };

    static final String OUTPUT = "CASE WHEN %1$s IS NOT DISTINCT FROM NULL THEN NULL ELSE format('%%s', %1$s) END";

    private final CanonicalValue value;
    private final String mySql;
    private final String postgres;
    private final String sqlite;
    private final String h2;

    /** For values that are texts in SQLite and H2. */
    WideForm(CanonicalValue value, String mySql, String postgres) {
        this(value, mySql, postgres, "%s", "CAST(%s AS VARCHAR)");
    }

    WideForm(CanonicalValue value, String mySql, String postgres, String sqlite, String h2) {
        this.value = value;
        this.mySql = mySql;
        this.postgres = postgres;
        this.sqlite = sqlite;
        this.h2 = h2;
    }

    String mySql(String quoted) {
        return String.format(mySql, quoted);
    }

    String postgres(String quoted) {
        return String.format(postgres, quoted);
    }

    String sqlite(String quoted) {
        return String.format(sqlite, quoted);
    }

    String h2(String quoted) {
        return String.format(h2, quoted);
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
                            // a decimal has no -0
                            .withFeatures(exact(element))
                            .with(JsonNodeFactory.withExactBigDecimals(true))
                            .readTree(text),
                    element);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an array arrived as something else than JSON", e);
        }
    }

    private static DeserializationFeature[] exact(CanonicalValue element) {
        return element == CanonicalValue.DOUBLE
                ? new DeserializationFeature[0]
                : new DeserializationFeature[] {DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS};
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
