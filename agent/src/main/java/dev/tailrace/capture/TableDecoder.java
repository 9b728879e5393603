package dev.tailrace.capture;

import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Turns the engine's structs of one shape of one table into {@link Row}s. Owned by the capture's polling thread. */
final class TableDecoder {
    private final TableSchema schema;
    private final Field[] fields;
    private final PgType[] types;
    private long weight;

    private TableDecoder(TableSchema schema, Field[] fields, PgType[] types) {
        this.schema = schema;
        this.fields = fields;
        this.types = types;
    }

    /**
     * Makes the shape known to the journal.
     *
     * @param image the schema of row images, made by {@link RawValues}
     * @param key the schema of keys, null when the table has none
     */
    static TableDecoder of(TableId table, Schema image, @Nullable Schema key, PgTypes types, JournalAppender appender)
            throws JournalException {
        int size = image.fields().size();
        Field[] fields = image.fields().toArray(new Field[size]);
        PgType[] columnTypes = new PgType[size];
        List<Column> columns = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Map<String, String> parameters = fields[i].schema().parameters();
            columnTypes[i] = types.of(
                    Integer.parseInt(parameters.get(RawValues.OID)), parameters.getOrDefault(RawValues.TYPE, ""));
            columns.add(column(fields[i].name(), columnTypes[i], parameters));
        }
        return new TableDecoder(appender.schema(table, columns, key(image, key, columns)), fields, columnTypes);
    }

    private static Column column(String name, PgType type, Map<String, String> parameters) {
        return new Column(
                name,
                type.name(),
                Integer.parseInt(parameters.get(RawValues.LENGTH)),
                Integer.parseInt(parameters.get(RawValues.SCALE)),
                Boolean.parseBoolean(parameters.get(RawValues.NULLABLE)),
                type.valueType(),
                type.valueType() == ValueType.ARRAY ? type.base().valueType() : null);
    }

    /** A unique index that allows nulls, which the engine takes for a key when there is none, is no key. */
    private static List<Integer> key(Schema image, @Nullable Schema key, List<Column> columns) {
        if (key == null) {
            return List.of();
        }
        List<Integer> positions = new ArrayList<>();
        for (Field field : key.fields()) {
            int position = image.field(field.name()).index();
            if (columns.get(position).nullable()) {
                return List.of();
            }
            positions.add(position);
        }
        return positions;
    }

    TableSchema schema() {
        return schema;
    }

    /** Rough size of the row read last, in bytes. */
    long weight() {
        return weight;
    }

    /** A full image; what the source did not send is absent (I7). */
    Row row(Struct image) {
        weight = 0;
        return Row.of(schema, values(image));
    }

    /**
     * An old image. Without replica identity FULL the source sends the key alone and the engine fills in nulls; those
     * are absent, not null (I7).
     */
    Row oldRow(Struct image) {
        weight = 0;
        @Nullable Object[] values = values(image);
        if (!isFull(values)) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] == null) {
                    values[i] = Row.absent();
                }
            }
        }
        return Row.of(schema, values);
    }

    private boolean isFull(@Nullable Object[] values) {
        if (!schema.hasKey()) {
            return true;
        }
        boolean beyondKey = false;
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null && !schema.column(i).nullable()) {
                return false;
            }
            beyondKey |= values[i] != null && !schema.isKey(i);
        }
        return beyondKey;
    }

    private @Nullable Object[] values(Struct image) {
        @Nullable Object[] values = new Object[fields.length];
        for (int i = 0; i < fields.length; i++) {
            Object value = Carried.received(types[i], image.get(fields[i]));
            values[i] = value;
            weight += weight(value);
        }
        return values;
    }

    private static long weight(@Nullable Object value) {
        if (value instanceof String text) {
            return 24L + text.length();
        }
        if (value instanceof byte[] bytes) {
            return 24L + bytes.length;
        }
        if (value instanceof List<?> list) {
            return 24L + list.size() * 24L;
        }
        return 16;
    }
}
