package dev.tailrace.capture.mysql;

import dev.tailrace.capture.ColumnForm;
import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.jspecify.annotations.Nullable;

/**
 * A column that {@link MySqlValues} wrote into the engine's schema.
 *
 * @param table as the engine names it
 * @param dates what becomes of dates that no calendar has
 */
record MySqlColumn(String table, Column column, ImpossibleDates dates) implements ColumnForm {
    static MySqlColumn of(Field field, ImpossibleDates dates) {
        Map<String, String> parameters = field.schema().parameters();
        Column column = new Column(
                field.name(),
                parameter(parameters, MySqlValues.TYPE),
                Integer.parseInt(parameter(parameters, MySqlValues.LENGTH)),
                Integer.parseInt(parameter(parameters, MySqlValues.SCALE)),
                Boolean.parseBoolean(parameter(parameters, MySqlValues.NULLABLE)),
                ValueType.valueOf(parameter(parameters, MySqlValues.VALUE_TYPE)),
                null);
        return new MySqlColumn(parameter(parameters, MySqlValues.TABLE), column, dates);
    }

    private static String parameter(Map<String, String> parameters, String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    /** @throws IllegalStateException for a date that must not be replaced; the message is for the operator */
    @Override
    public @Nullable Object value(@Nullable Object travelled) {
        ValueType type = column.valueType();
        return MySqlCarried.isImpossible(type, travelled)
                ? dates.replacement(table, column, MySqlCarried.isImpossibleKey(type, travelled))
                : travelled;
    }
}
