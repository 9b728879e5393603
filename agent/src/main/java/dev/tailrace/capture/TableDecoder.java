package dev.tailrace.capture;

import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import java.util.ArrayList;
import java.util.HashMap;
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
    private final ColumnForm[] forms;
    private final boolean fullBefore;
    private long weight;

    private TableDecoder(TableSchema schema, Field[] fields, ColumnForm[] forms, boolean fullBefore) {
        this.schema = schema;
        this.fields = fields;
        this.forms = forms;
        this.fullBefore = fullBefore;
    }

    /**
     * Makes the shape known to the journal.
     *
     * @param image the schema of row images, whose fields the reader knows
     * @param key names of the key's columns, empty when the table has none
     * @param before the table's newest shape in the journal, null when it has none
     */
    static TableDecoder of(
            TableId table,
            Schema image,
            List<String> key,
            @Nullable TableSchema before,
            RecordReader reader,
            JournalAppender appender)
            throws JournalException {
        int size = image.fields().size();
        Field[] fields = image.fields().toArray(new Field[size]);
        ColumnForm[] forms = new ColumnForm[size];
        List<Column> columns = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            forms[i] = reader.column(fields[i]);
            columns.add(forms[i].column());
        }
        TableSchema schema = before != null && isForgotten(columns, key, before)
                ? before
                : appender.schema(
                        table, columns, key(image, key, columns), existing(before, columns, List.of(forms), reader));
        return new TableDecoder(schema, fields, forms, reader.sendsFullBefore());
    }

    /** Of the columns that came now, and of those that came before and are still the same. */
    private static Map<String, Object> existing(
            @Nullable TableSchema before, List<Column> columns, List<ColumnForm> forms, RecordReader reader) {
        if (before == null || before.columns().equals(columns)) {
            return before == null ? Map.of() : before.existing();
        }
        Map<String, Object> existing = new HashMap<>(ExistingRows.carried(before, columns));
        existing.putAll(reader.existing(before, forms));
        return existing;
    }

    /**
     * The engine asks the catalog of now for key and nullability. Of a table that was dropped or renamed meanwhile it
     * finds neither, and the log's changes from before are those of the shape that the journal knows.
     */
    private static boolean isForgotten(List<Column> columns, List<String> key, TableSchema before) {
        if (!key.isEmpty() || !before.hasKey() || columns.size() != before.size()) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            Column now = columns.get(i);
            Column then = before.column(i);
            if (!now.nullable()
                    || !now.name().equals(then.name())
                    || !now.sourceType().equals(then.sourceType())
                    || now.length() != then.length()
                    || now.scale() != then.scale()) {
                return false;
            }
        }
        return true;
    }

    /** A unique index that allows nulls, which the engine takes for a key when there is none, is no key. */
    private static List<Integer> key(Schema image, List<String> key, List<Column> columns) {
        List<Integer> positions = new ArrayList<>();
        for (String name : key) {
            Field field = image.field(name);
            if (field == null) {
                return List.of();
            }
            int position = field.index();
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

    /** The same of values that travelled in the order of the image's fields. */
    Row row(@Nullable Object[] travelled) {
        weight = 0;
        @Nullable Object[] values = new Object[fields.length];
        for (int i = 0; i < fields.length; i++) {
            values[i] = weighed(forms[i].value(travelled[i]));
        }
        return Row.of(schema, values);
    }

    /**
     * An old image. Where the source sends the key alone (PostgreSQL without replica identity FULL) the engine fills in
     * nulls; those are absent, not null (I7).
     */
    Row oldRow(Struct image) {
        weight = 0;
        @Nullable Object[] values = values(image);
        if (!fullBefore && !isFull(values)) {
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
            values[i] = weighed(forms[i].value(image.get(fields[i])));
        }
        return values;
    }

    private @Nullable Object weighed(@Nullable Object value) {
        weight += weight(value);
        return value;
    }

    private static long weight(@Nullable Object value) {
        if (value instanceof String text) {
            return 24L + text.length();
        }
        if (value instanceof byte[] bytes) {
            return 24L + bytes.length;
        }
        if (value instanceof List<?> list) {
            long elements = 24;
            for (Object element : list) {
                elements += weight(element);
            }
            return elements;
        }
        return 16;
    }
}
