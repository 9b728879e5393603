package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.event.Column;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.ValueException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.h2.api.Interval;

/** Values as SQL for a DEFAULT clause, by the rules of {@link H2Values}. */
final class H2Literals {
    private H2Literals() {}

    static String of(Column source, String declared, Object value) throws ValueException {
        TargetColumn target = TargetColumn.ofType(source.name(), H2Types.dataType(declared), declared);
        return literal(H2Values.CONVERSION.of(source, target, value), declared);
    }

    private static String literal(Object value, String declared) {
        if (value instanceof Object[] elements) {
            return Arrays.stream(elements)
                    .map(e -> e == null ? "NULL" : literal(e, H2Types.element(declared)))
                    .collect(Collectors.joining(", ", "CAST(ARRAY[", "] AS " + declared + ")"));
        }
        if (value instanceof byte[] bytes) {
            return "X'" + HexFormat.of().formatHex(bytes) + "'";
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof Boolean || value instanceof Interval) {
            return value.toString();
        }
        String text = "'" + value.toString().replace("'", "''") + "'";
        // NaN, the infinities, dates and times have no literal.
        return value instanceof String ? text : "CAST(" + text + " AS " + declared + ")";
    }
}
