package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.Column;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.ValueException;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Set;

/** Values as SQL for a DEFAULT clause, by the rules of {@link MySqlValues}. */
final class MySqlLiterals {
    /** What has no default but an expression. */
    private static final Set<String> EXPRESSED = Set.of(
            "tinytext",
            "text",
            "mediumtext",
            "longtext",
            "tinyblob",
            "blob",
            "mediumblob",
            "longblob",
            "json",
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geometrycollection",
            "geomcollection");

    private MySqlLiterals() {}

    static String of(Column source, String declared, Object value) throws ValueException {
        String type = declared.split("[( ]", 2)[0];
        TargetColumn target = TargetColumn.ofType(source.name(), type, declared);
        String literal = literal(MySqlValues.CONVERSION.of(source, target, value));
        return EXPRESSED.contains(type) ? "(" + literal + ")" : literal;
    }

    private static String literal(Object value) {
        if (value instanceof byte[] bytes) {
            return "x'" + HexFormat.of().formatHex(bytes) + "'";
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof Long) {
            return value.toString();
        }
        return "'" + value.toString().replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
