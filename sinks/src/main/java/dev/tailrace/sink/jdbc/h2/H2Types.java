package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.Dialect.CreatedType;
import dev.tailrace.sink.jdbc.SourceNames;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chooses the type of a column that Tailrace creates in H2, spelled as H2's catalog spells it. */
final class H2Types {
    static final String TEXT = "CHARACTER LARGE OBJECT";
    static final String KEY = "CHARACTER VARYING";
    static final String INSTANT = "TIMESTAMP(6) WITH TIME ZONE";

    /** The most characters of a VARCHAR, and bytes of a VARBINARY. */
    static final int VARYING = 1_048_576;

    private static final int NUMERIC_DIGITS = 100_000;
    private static final Pattern ARRAY = Pattern.compile(" ARRAY(\\[\\d+])?$");
    private static final Pattern FLOAT = Pattern.compile("FLOAT\\((\\d+)\\)");
    private static final int SINGLE_BITS = 24;

    private H2Types() {}

    static CreatedType of(TableSchema schema, Column column) {
        boolean mySql = SourceNames.areMySql(schema);
        boolean key = schema.isKey(schema.indexOf(column.name()));
        String type = type(column, mySql, key);
        boolean same = switch (column.valueType()) {
            case TEXT -> SourceNames.isText(column);
            case DECIMAL -> type.startsWith("NUMERIC");
            case BITS, ARRAY -> false;
            case TIME -> !mySql;
            default -> true;
        };
        return same ? CreatedType.same(type) : CreatedType.insteadOf(column.sourceType(), type);
    }

    /** What the catalog calls a declared type: without its parameters, but for those that make it another one. */
    static String dataType(String declared) {
        if (ARRAY.matcher(declared).find()) {
            return "ARRAY";
        }
        Matcher bits = FLOAT.matcher(declared);
        if (bits.matches()) {
            return Integer.parseInt(bits.group(1)) <= SINGLE_BITS ? "REAL" : "DOUBLE PRECISION";
        }
        for (String type : Set.of("INTERVAL", "ENUM")) {
            if (declared.startsWith(type)) {
                return type;
            }
        }
        return declared.replaceAll("\\([^)]*\\)", "");
    }

    /** The declared type of an array's elements, which may be arrays. */
    static String element(String declared) {
        return ARRAY.matcher(declared).replaceFirst("");
    }

    private static String type(Column column, boolean mySql, boolean key) {
        return switch (column.valueType()) {
            case BOOLEAN -> "BOOLEAN";
            case INT16 -> "SMALLINT";
            case INT32 -> "INTEGER";
            case INT64 -> "BIGINT";
            case FLOAT32 -> "REAL";
            case FLOAT64 -> "DOUBLE PRECISION";
            case DECIMAL -> decimal(column);
            case TEXT -> text(column, mySql, key);
            case BYTES -> key ? "BINARY VARYING" : "BINARY LARGE OBJECT";
            // A time of MySQL is a duration: below zero and beyond a day.
            case TIME -> mySql ? "INTERVAL HOUR(4) TO SECOND(6)" : "TIME(6)";
            case TIMESTAMP -> "TIMESTAMP(6)";
            case TIMESTAMPTZ -> INSTANT;
            case DATE -> "DATE";
            case BITS -> KEY;
            // JSON: an array of H2 has a fixed number of dimensions, and subscripts from 1 on.
            case ARRAY -> key ? KEY : TEXT;
        };
    }

    private static String text(Column column, boolean mySql, boolean key) {
        if (!mySql && column.sourceType().equals("uuid")) {
            return "UUID";
        }
        boolean sized = Set.of("varchar", "bpchar", "char").contains(column.sourceType());
        // H2 counts in halves of the characters that lie beyond 16 bits.
        if (sized && column.length() > 0 && column.length() <= VARYING / 2) {
            return "CHARACTER VARYING(" + 2 * column.length() + ")";
        }
        return key ? KEY : TEXT;
    }

    /** Without a declared scale as its digits: H2's DECFLOAT drops the zeros behind the point. */
    private static String decimal(Column column) {
        int precision = column.length();
        int scale = SourceNames.base(column).equals("numeric") ? column.scale() : Math.max(0, column.scale());
        boolean fits = precision > 0 && precision <= NUMERIC_DIGITS && scale >= 0 && scale <= precision;
        return fits ? "NUMERIC(" + precision + ", " + scale + ")" : KEY;
    }
}
