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
            throw refused(
                    source.name() + " of " + table.schema().table(),
                    e,
                    target,
                    " of " + table.table().name());
        }
    }

    /**
     * The object for a value that is in no row.
     *
     * @throws ValueException when the column cannot hold it as it is
     */
    default Object of(Column source, TargetColumn target, Object value) throws ValueException {
        try {
            return convert(value, source, target, false);
        } catch (IllegalArgumentException e) {
            throw refused(source.name(), e, target, "");
        }
    }

    private static ValueException refused(
            String column, IllegalArgumentException kind, TargetColumn target, String where) {
        return new ValueException("column " + column + " holds " + kind.getMessage() + ", which " + target.declared()
                + where + " cannot keep as it is");
    }
}
