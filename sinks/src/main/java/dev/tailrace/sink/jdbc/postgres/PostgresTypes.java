package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.Dialect.CreatedType;
import dev.tailrace.sink.jdbc.SourceNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Chooses the type of a column that Tailrace creates in PostgreSQL: the source's own where the target has it. */
final class PostgresTypes {
    private static final int NUMERIC_PRECISION = 1000;
    private static final int TEXT_LENGTH = 10_485_760;

    /** Their values name objects of the source's database, which need not exist here. */
    private static final Set<String> REFERENCES = Set.of(
            "regclass",
            "regcollation",
            "regconfig",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype",
            "aclitem");

    private final Connection connection;

    PostgresTypes(Connection connection) {
        this.connection = connection;
    }

    /** @param table of the source; a user's type is looked for in its schema first */
    CreatedType of(TableSchema table, Column column) throws SQLException {
        if (SourceNames.areMySql(table)) {
            return ofMySql(column);
        }
        String schema = table.table().schema();
        boolean array = column.valueType() == ValueType.ARRAY;
        String source = column.sourceType();
        String element = array && source.startsWith("_") ? source.substring(1) : source.replaceAll("(\\[])+$", "");
        ValueType carried = column.elementType() != null ? column.elementType() : column.valueType();
        String suffix = array ? "[]" : "";
        if (REFERENCES.contains(element)) {
            return new CreatedType(
                    "text" + suffix,
                    Optional.of(
                            "a " + source + " names an object of the source's database; text" + suffix + " instead"));
        }
        Optional<String> known = known(schema, element);
        if (known.isPresent()) {
            return CreatedType.same(withModifier(known.get(), column) + suffix);
        }
        return CreatedType.insteadOf(source, byValue(carried) + suffix);
    }

    private static CreatedType ofMySql(Column column) {
        int length = column.length();
        return switch (SourceNames.base(column)) {
            case "decimal", "numeric" ->
                CreatedType.same(
                        length > 0 ? "numeric(" + length + "," + Math.max(0, column.scale()) + ")" : "numeric");
            case "bigint" -> CreatedType.same(column.valueType() == ValueType.DECIMAL ? "numeric(20,0)" : "bigint");
            case "bit" -> CreatedType.same("bit(" + Math.max(1, length) + ")");
            case "char", "varchar" ->
                CreatedType.same(length > 0 && length <= TEXT_LENGTH ? "character varying(" + length + ")" : "text");
            case "json" -> CreatedType.same("json");
            // A MySQL time is a duration: below zero and beyond a day, where a time of day ends.
            case "time" -> CreatedType.insteadOf("MySQL's " + column.sourceType(), "interval");
            case "enum", "set" -> CreatedType.insteadOf("MySQL's " + column.sourceType(), "text");
            default -> {
                String type = byValue(column.elementType() != null ? column.elementType() : column.valueType())
                        + (column.elementType() != null ? "[]" : "");
                boolean geometry = type.equals("bytea")
                        && !SourceNames.base(column).endsWith("blob")
                        && !SourceNames.base(column).endsWith("binary");
                yield geometry ? CreatedType.insteadOf("MySQL's " + column.sourceType(), type) : CreatedType.same(type);
            }
        };
    }

    /**
     * A type of the server's own by its name; a user's by the source's own schema and name, then by its name in the table's
     * schema, then wherever the target finds it (an extension may be in another schema there).
     */
    private Optional<String> known(String schema, String type) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT pg_catalog.format_type(found.oid, -1)
                FROM (SELECT CASE WHEN name.parts[2] IS NULL
                    THEN coalesce(
                        to_regtype('pg_catalog.' || quote_ident(name.whole)),
                        to_regtype(quote_ident(name.schema) || '.' || quote_ident(name.whole)),
                        to_regtype(quote_ident(name.whole)),
                        CASE WHEN name.whole ~ '^[a-z_ .0-9]+$' THEN to_regtype(name.whole) END)
                    ELSE coalesce(
                        to_regtype(name.whole),
                        to_regtype(quote_ident(name.schema) || '.' || quote_ident(name.parts[2])),
                        to_regtype(quote_ident(name.parts[2]))) END::oid
                    FROM (SELECT ?::text AS schema, ?::text AS whole, CASE WHEN ? THEN parse_ident(?)
                        ELSE '{}' END AS parts) AS name) AS found(oid)
                JOIN pg_catalog.pg_type t ON t.oid = found.oid WHERE t.typtype <> 'p'
                """)) {
            query.setString(1, schema);
            query.setString(2, type);
            query.setBoolean(3, type.indexOf('.') > 0);
            query.setString(4, type);
            try (ResultSet found = query.executeQuery()) {
                return found.next() ? Optional.of(found.getString(1)) : Optional.empty();
            }
        }
    }

    /** Only the modifiers that mean something; a source reports the largest length where none was declared. */
    private static String withModifier(String type, Column column) {
        int length = column.length();
        boolean sized = length > 0 && length <= TEXT_LENGTH;
        return switch (type.replace("\"", "").toLowerCase(Locale.ROOT)) {
            case "numeric" ->
                length > 0 && length <= NUMERIC_PRECISION && column.scale() >= 0 && column.scale() <= NUMERIC_PRECISION
                        ? "numeric(" + length + "," + column.scale() + ")"
                        : "numeric";
            case "character varying" -> sized ? "character varying(" + length + ")" : "character varying";
            case "bpchar", "character" -> sized ? "character(" + length + ")" : "bpchar";
            case "bit" -> sized ? "bit(" + length + ")" : "bit varying";
            case "bit varying" -> sized ? "bit varying(" + length + ")" : "bit varying";
            default -> type;
        };
    }

    private static String byValue(ValueType type) {
        return switch (type) {
            case BOOLEAN -> "boolean";
            case INT16 -> "smallint";
            case INT32 -> "integer";
            case INT64 -> "bigint";
            case FLOAT32 -> "real";
            case FLOAT64 -> "double precision";
            case DECIMAL -> "numeric";
            case TEXT, ARRAY -> "text";
            case BYTES -> "bytea";
            case DATE -> "date";
            case TIME -> "time without time zone";
            case TIMESTAMP -> "timestamp without time zone";
            case TIMESTAMPTZ -> "timestamp with time zone";
            case BITS -> "bit varying";
        };
    }
}
