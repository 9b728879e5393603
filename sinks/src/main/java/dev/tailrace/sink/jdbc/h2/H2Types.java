package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.Dialect.CreatedType;
import dev.tailrace.sink.jdbc.SourceNames;
import java.util.Optional;
import java.util.Set;

/** Chooses the type of a column that Tailrace creates in H2, spelled as H2's catalog spells it. */
final class H2Types {
    static final String TEXT = "CHARACTER LARGE OBJECT";
    static final String KEY = "CHARACTER VARYING";
    static final String INSTANT = "TIMESTAMP(6) WITH TIME ZONE";

    /** The most characters of a VARCHAR, and bytes of a VARBINARY. */
    static final int VARYING = 1_048_576;

    private static final int NUMERIC_DIGITS = 100_000;

    private static final Set<String> TEXTS = Set.of(
            "text",
            "varchar",
            "bpchar",
            "char",
            "name",
            "tinytext",
            "mediumtext",
            "longtext",
            "uuid",
            "json",
            "jsonb",
            "xml",
            "enum",
            "set");

    private H2Types() {}

    static CreatedType of(TableSchema schema, Column column) {
        boolean mySql = SourceNames.areMySql(schema);
        boolean key = schema.isKey(schema.indexOf(column.name()));
        String type = column.elementType() == null
                ? type(column, column.valueType(), mySql, key)
                : element(column.elementType()) + " ARRAY";
        boolean same = switch (column.valueType()) {
            case TEXT -> TEXTS.contains(SourceNames.base(column));
            case DECIMAL -> type.startsWith("NUMERIC");
            case BITS -> false;
            case TIME -> !mySql;
            default -> true;
        };
        return new CreatedType(
                type,
                same
                        ? Optional.empty()
                        : Optional.of("the target has no type like " + column.sourceType() + "; " + type + " instead"));
    }

    private static String type(Column column, ValueType carried, boolean mySql, boolean key) {
        return switch (carried) {
            case DECIMAL -> decimal(column);
            case TEXT -> text(column, mySql, key);
            case BYTES -> key ? "BINARY VARYING" : "BINARY LARGE OBJECT";
            // A time of MySQL is a duration: below zero and beyond a day.
            case TIME -> mySql ? "INTERVAL HOUR(4) TO SECOND(6)" : "TIME(6)";
            case BITS -> KEY;
            default -> element(carried);
        };
    }

    private static String text(Column column, boolean mySql, boolean key) {
        if (!mySql && column.sourceType().equals("uuid")) {
            return "UUID";
        }
        boolean sized = Set.of("varchar", "bpchar", "char").contains(column.sourceType());
        if (sized && column.length() > 0 && column.length() <= VARYING) {
            return "CHARACTER VARYING(" + column.length() + ")";
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

    private static String element(ValueType type) {
        return switch (type) {
            case BOOLEAN -> "BOOLEAN";
            case INT16 -> "SMALLINT";
            case INT32 -> "INTEGER";
            case INT64 -> "BIGINT";
            case FLOAT32 -> "REAL";
            case FLOAT64 -> "DOUBLE PRECISION";
            case DECIMAL, TEXT, BITS, ARRAY -> KEY;
            case BYTES -> "BINARY VARYING";
            case DATE -> "DATE";
            case TIME -> "TIME(6)";
            case TIMESTAMP -> "TIMESTAMP(6)";
            case TIMESTAMPTZ -> INSTANT;
        };
    }
}
