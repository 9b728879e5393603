package dev.tailrace.capture.mysql;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.ValueType;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.jspecify.annotations.Nullable;

/** The columns that {@link MySqlValues} wrote into an engine's schema, and what a row image holds of each. */
final class MySqlColumns {
    private MySqlColumns() {}

    static Column column(Field field) {
        Map<String, String> parameters = field.schema().parameters();
        return new Column(
                field.name(),
                Objects.requireNonNull(parameters.get(MySqlValues.TYPE)),
                Integer.parseInt(parameters.get(MySqlValues.LENGTH)),
                Integer.parseInt(parameters.get(MySqlValues.SCALE)),
                Boolean.parseBoolean(parameters.get(MySqlValues.NULLABLE)),
                ValueType.valueOf(Objects.requireNonNull(parameters.get(MySqlValues.VALUE_TYPE))),
                null);
    }

    /**
     * The value of a row image from what travelled.
     *
     * @param key whether the column belongs to the table's key
     * @throws IllegalStateException for a date that must not be replaced
     */
    static @Nullable Object received(
            TableId table, Column column, boolean key, @Nullable Object travelled, ImpossibleDates dates) {
        return MySqlCarried.isImpossible(column.valueType(), travelled)
                ? dates.replacement(table, column, key)
                : travelled;
    }
}
