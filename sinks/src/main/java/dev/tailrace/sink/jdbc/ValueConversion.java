package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import org.jspecify.annotations.Nullable;

/** How a database is given values: each as an object that its driver binds without changing it (I7). Without state. */
@FunctionalInterface
public interface ValueConversion {

    /**
     * @param key whether equal keys must become equal objects
     * @throws IllegalArgumentException when the column cannot hold it as it is; the message names the kind of value, never
     *     the value
     */
    Object convert(Object value, Column source, TargetColumn target, boolean key);

    /**
     * The object to bind for a row's value; null for null.
     *
     * @throws ValueException when the column cannot hold it as it is
     */
    default @Nullable Object of(TableBinding table, int position, Row row) throws ValueException {
        Object value = row.value(position);
        if (value == null) {
            return null;
        }
        Column source = table.schema().column(position);
        TargetColumn target = table.column(position);
        try {
            return convert(value, source, target, table.schema().isKey(position));
        } catch (IllegalArgumentException e) {
            throw new ValueException("column " + source.name() + " of "
                    + table.schema().table() + " holds " + e.getMessage() + ", which " + target.declared() + " of "
                    + table.table().name() + " cannot keep as it is");
        }
    }
}
