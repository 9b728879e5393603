package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.Dialect.CreatedType;
import dev.tailrace.sink.jdbc.SourceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Chooses the types of the columns of a table that Tailrace creates in MySQL or MariaDB. They are chosen together: keys
 * share the bytes of an index, short texts those of a row.
 */
final class MySqlTypes {
    private static final int MAX_PRECISION = 65;
    private static final int MAX_SCALE = 30;
    private static final int CHAR_LENGTH = 255;
    private static final int BIT_LENGTH = 64;
    private static final int BYTES_PER_CHARACTER = 4;
    /** Of one key. */
    private static final int INDEX_BYTES = 3072;
    /** Of a row without what is stored beside it; a text or blob takes 12 of them. */
    private static final int ROW_BYTES = 65_000;

    private static final int BESIDE_BYTES = 12;
    private static final int SCALAR_BYTES = 34;

    /** Types of PostgreSQL for which MySQL has the same. */
    private static final Set<String> COMMON = Set.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "bytea",
            "date",
            "time",
            "timestamp",
            "bit");

    private static final Set<String> GEOMETRIES = Set.of(
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geometrycollection",
            "geomcollection");

    private final MySqlFlavor flavor;
    private final TableSchema schema;
    private final boolean mySql;
    private final List<Size> sizes = new ArrayList<>();

    /** A type with the bytes that it takes in a row. */
    private record Size(String type, int bytes) {}

    MySqlTypes(MySqlFlavor flavor, TableSchema schema) {
        this.flavor = flavor;
        this.schema = schema;
        this.mySql = SourceNames.areMySql(schema);
        for (int i = 0; i < schema.size(); i++) {
            sizes.add(sized(schema.isKey(i) ? keyType(schema.column(i)) : type(schema.column(i))));
        }
        moveOut();
    }

    CreatedType of(Column column) {
        String type = sizes.get(schema.indexOf(column.name())).type();
        boolean same = (mySql && (type.startsWith(SourceNames.base(column)) || GEOMETRIES.contains(type)))
                || (COMMON.contains(column.sourceType()) && !isTextFor(column, type));
        return same ? CreatedType.same(type) : CreatedType.insteadOf(column.sourceType(), type);
    }

    private static boolean isTextFor(Column column, String type) {
        return column.valueType() != ValueType.TEXT && (type.equals("longtext") || type.startsWith("varchar"));
    }

    /** Texts of declared length are stored in the row as long as all of them fit there. */
    private void moveOut() {
        int total = sizes.stream().mapToInt(Size::bytes).sum();
        while (total > ROW_BYTES) {
            int largest = -1;
            for (int i = 0; i < sizes.size(); i++) {
                boolean movable = !schema.isKey(i) && sizes.get(i).bytes() > SCALAR_BYTES;
                if (movable
                        && (largest < 0
                                || sizes.get(i).bytes() > sizes.get(largest).bytes())) {
                    largest = i;
                }
            }
            if (largest < 0) {
                return;
            }
            total -= sizes.get(largest).bytes() - BESIDE_BYTES;
            boolean bytes = sizes.get(largest).type().contains("binary");
            sizes.set(largest, new Size(bytes ? "longblob" : "longtext", BESIDE_BYTES));
        }
    }

    private static Size sized(String type) {
        int open = type.indexOf('(');
        if (open < 0) {
            boolean beside = type.endsWith("text") || type.endsWith("blob") || type.equals("json");
            return new Size(type, beside ? BESIDE_BYTES : SCALAR_BYTES);
        }
        String name = type.substring(0, open);
        return switch (name) {
            case "varchar", "char" -> new Size(type, 2 + BYTES_PER_CHARACTER * length(type, open));
            case "varbinary", "binary" -> new Size(type, 2 + length(type, open));
            default -> new Size(type, SCALAR_BYTES);
        };
    }

    private static int length(String type, int open) {
        return Integer.parseInt(type.substring(open + 1, type.length() - 1));
    }

    private String type(Column column) {
        return mySql ? ofMySql(column) : ofPostgres(column);
    }

    /** A key has to fit into an index: a value longer than its share of it is rejected, never cut. */
    private String keyType(Column column) {
        String type = type(column);
        boolean text = isText(type);
        boolean bytes = type.endsWith("blob") || type.contains("binary(");
        if (!text && !bytes) {
            return type;
        }
        int share = share();
        int width = bytes ? 1 : BYTES_PER_CHARACTER;
        int open = type.indexOf('(');
        if (open > 0 && length(type, open) * width <= share) {
            return type;
        }
        return (bytes ? "varbinary(" : "varchar(") + share / width + ")";
    }

    private int share() {
        long wide = schema.key().stream()
                .map(k -> type(schema.column(k)))
                .filter(t -> isText(t) || t.endsWith("blob") || t.contains("binary("))
                .count();
        int rest = INDEX_BYTES - SCALAR_BYTES * (schema.key().size() - (int) wide);
        return rest / (int) wide;
    }

    private static boolean isText(String type) {
        return type.endsWith("text") || type.startsWith("varchar(") || type.startsWith("char(") || type.equals("json");
    }

    private String ofMySql(Column column) {
        String base = SourceNames.base(column);
        int length = column.length();
        return switch (base) {
            case "tinyint", "smallint", "mediumint", "int", "integer", "bigint" ->
                column.valueType() == ValueType.BOOLEAN
                        ? "tinyint(1)"
                        : base.replace("integer", "int") + (SourceNames.isUnsigned(column) ? " unsigned" : "");
            case "float", "double", "year", "date", "tinytext", "text", "mediumtext", "longtext" -> base;
            case "tinyblob", "blob", "mediumblob", "longblob" -> base;
            case "bit" -> "bit(" + Math.max(1, length) + ")";
            case "time", "datetime", "timestamp" -> base + "(6)";
            case "char" -> length > 0 && length <= CHAR_LENGTH ? "char(" + length + ")" : text(length);
            case "binary", "varbinary" -> length > 0 ? base + "(" + length + ")" : "longblob";
            case "json" -> flavor == MySqlFlavor.MYSQL ? "json" : "longtext";
            // Their members are not known here.
            case "enum" -> "varchar(" + CHAR_LENGTH + ")";
            case "set" -> "longtext";
            default ->
                column.valueType() == ValueType.BYTES && GEOMETRIES.contains(base) ? geometry(base) : byValue(column);
        };
    }

    /** MySQL has a short name of late, which MariaDB does not know. */
    private String geometry(String base) {
        boolean collection = base.equals("geomcollection") || base.equals("geometrycollection");
        return collection ? (flavor == MySqlFlavor.MYSQL ? "geomcollection" : "geometrycollection") : base;
    }

    private String ofPostgres(Column column) {
        return column.sourceType().equals("uuid") ? "char(36)" : byValue(column);
    }

    private String byValue(Column column) {
        return switch (column.valueType()) {
            case BOOLEAN -> "tinyint(1)";
            case INT16 -> "smallint";
            case INT32 -> "int";
            case INT64 -> "bigint";
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case DECIMAL -> decimal(column);
            case TEXT -> isSized(column) ? text(column.length()) : "longtext";
            case BYTES -> "longblob";
            case DATE -> "date";
            case TIME -> "time(6)";
            case TIMESTAMP, TIMESTAMPTZ -> "datetime(6)";
            case BITS ->
                column.sourceType().equals("bit") && column.length() > 0 && column.length() <= BIT_LENGTH
                        ? "bit(" + column.length() + ")"
                        : "longtext";
            case ARRAY -> "longtext";
        };
    }

    private static boolean isSized(Column column) {
        return column.sourceType().equals("varchar") || column.sourceType().equals("bpchar");
    }

    /** What no decimal can hold is kept as its exact digits. */
    private String decimal(Column column) {
        int precision = column.length();
        int scale = mySql ? Math.max(0, column.scale()) : column.scale();
        boolean fits =
                precision > 0 && precision <= MAX_PRECISION && scale >= 0 && scale <= MAX_SCALE && scale <= precision;
        return fits ? "decimal(" + precision + "," + scale + ")" : "longtext";
    }

    private static String text(int length) {
        return length > 0 && length * (long) BYTES_PER_CHARACTER < ROW_BYTES ? "varchar(" + length + ")" : "longtext";
    }
}
