package dev.tailrace.capture;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What rows have in columns that came later than they: the part that does not depend on the source. */
public final class ExistingRows {
    private static final Logger LOG = LoggerFactory.getLogger(ExistingRows.class);

    private ExistingRows() {}

    /**
     * Tells that nobody can say what the rows of a table have in a column that came.
     *
     * @param why as the end of a sentence that begins with the column
     */
    public static void unknown(TableId table, String column, String why) {
        LOG.warn(
                "SOURCE-EXISTING-UNKNOWN: column {} of {} {}: what its rows from before have in it is not known and stays"
                        + " null at the targets; bring it by an UPDATE at the source that writes those rows (MySQL logs"
                        + " only what changes), or write the values at the targets",
                column,
                table,
                why);
    }

    /** Tells that a value is right unless the default was changed before it was read. */
    public static void assumed(TableId table, String column, String why) {
        LOG.warn(
                "SOURCE-EXISTING-ASSUMED: column {} of {} {}: its rows from before get its default of now; compare them"
                        + " when the default was changed since",
                column,
                table,
                why);
    }

    /** Of columns that the shape before had as well. */
    static Map<String, Object> carried(TableSchema before, List<Column> columns) {
        Map<String, Object> carried = new HashMap<>();
        for (Column column : columns) {
            Object value = before.existing().get(column.name());
            if (value != null) {
                Column then = before.column(before.indexOf(column.name()));
                Optional<Object> now = converted(value, then, column);
                if (now.isPresent()) {
                    carried.put(column.name(), now.get());
                } else {
                    unknown(before.table(), column.name(), "came with a value and has got another type since");
                }
            }
        }
        return carried;
    }

    /** What a change of type surely made of it. */
    private static Optional<Object> converted(Object value, Column then, Column now) {
        boolean longer = now.length() < 0 || then.length() >= 0 && now.length() >= then.length();
        if (then.valueType() == now.valueType() && then.elementType() == now.elementType()) {
            boolean same = then.sourceType().equals(now.sourceType()) && longer && then.scale() == now.scale();
            return same || isVarying(then) && isVarying(now) && longer ? Optional.of(value) : Optional.empty();
        }
        if (!(value instanceof Short || value instanceof Integer)) {
            return Optional.empty();
        }
        long number = ((Number) value).longValue();
        return switch (now.valueType()) {
            case INT32 -> Optional.of((int) number);
            case INT64 -> Optional.of(number);
            case DECIMAL -> now.length() < 0 ? Optional.of(BigDecimal.valueOf(number)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean isVarying(Column column) {
        return column.valueType() == ValueType.TEXT
                && (column.sourceType().equals("varchar") || column.sourceType().endsWith("text"));
    }
}
