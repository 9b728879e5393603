package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.util.Set;

/**
 * Whose type names a table's columns have. Some names mean different things in PostgreSQL and MySQL ({@code time},
 * {@code char}, {@code timestamp}, {@code json}); a table that also has a column of a name which only MySQL reports is
 * MySQL's, any other is taken for PostgreSQL's. No type that a user of PostgreSQL has made can look like MySQL's: its name
 * has a schema and a dot.
 */
public final class SourceNames {
    /** PostgreSQL reports int4, numeric, timestamptz and the like. */
    private static final Set<String> MYSQL_ONLY = Set.of(
            "tinyint",
            "smallint",
            "mediumint",
            "int",
            "integer",
            "bigint",
            "decimal",
            "float",
            "double",
            "datetime",
            "year",
            "enum",
            "set",
            "tinytext",
            "mediumtext",
            "longtext",
            "binary",
            "varbinary",
            "tinyblob",
            "blob",
            "mediumblob",
            "longblob");

    /** Of any length, and those whose values are written as a text by everybody. */
    private static final Set<String> TEXTS = Set.of(
            "text",
            "varchar",
            "bpchar",
            "char",
            "name",
            "tinytext",
            "mediumtext",
            "longtext",
            "enum",
            "set",
            "json",
            "jsonb",
            "xml",
            "uuid");

    private SourceNames() {}

    /** Whether nothing is lost of what the type means where there is but text. */
    public static boolean isText(Column column) {
        return TEXTS.contains(base(column));
    }

    public static boolean areMySql(TableSchema schema) {
        return schema.columns().stream().anyMatch(SourceNames::isMySql);
    }

    private static boolean isMySql(Column column) {
        String base = base(column);
        return MYSQL_ONLY.contains(base)
                // PostgreSQL's "char" has no length; it holds one byte and cuts off the rest without an error
                || (base.equals("char") && column.length() >= 0)
                || (base.equals("timestamp") && column.valueType() == ValueType.TIMESTAMPTZ)
                || (column.valueType() == ValueType.BYTES && !base.equals("bytea"));
    }

    /** The name without {@code unsigned} and {@code zerofill}. */
    public static String base(Column column) {
        String type = column.sourceType();
        int space = type.indexOf(' ');
        return space > 0 && (type.endsWith("unsigned") || type.endsWith("zerofill")) ? type.substring(0, space) : type;
    }

    public static boolean isUnsigned(Column column) {
        return column.sourceType().contains(" unsigned");
    }
}
