package dev.tailrace.journal;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The durable form of a table's shape, the payload of a SCHEMA frame. */
final class SchemaCodec {
    /** Tag of what may follow the key; a version that does not know a tag passes over it and all behind it. */
    private static final int EXISTING = 1;

    private static final ValueType[] TYPES = ValueType.values();

    private SchemaCodec() {}

    static void write(FrameOutput out, TableSchema schema) {
        out.varint(schema.id());
        out.varint(schema.version());
        out.string(schema.table().schema());
        out.string(schema.table().table());
        out.varint(schema.size());
        for (Column column : schema.columns()) {
            ValueType element = column.elementType();
            out.string(column.name());
            out.string(column.sourceType());
            out.zigzag(column.length());
            out.zigzag(column.scale());
            out.u8(column.nullable() ? 1 : 0);
            out.u8(column.valueType().ordinal());
            out.u8(element == null ? 0 : element.ordinal() + 1);
        }
        out.varint(schema.key().size());
        for (int position : schema.key()) {
            out.varint(position);
        }
        if (!schema.existing().isEmpty()) {
            out.u8(EXISTING);
            out.varint(schema.existing().size());
            new TreeMap<>(schema.existing()).forEach((name, value) -> {
                int position = schema.indexOf(name);
                out.varint(position);
                ValueCodec.write(out, schema.column(position), value);
            });
        }
    }

    static TableSchema read(FrameInput in) {
        int id = (int) in.varint();
        int version = (int) in.varint();
        String schema = in.string();
        TableId table = new TableId(schema, in.string());
        int size = in.count();
        List<Column> columns = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            columns.add(readColumn(in));
        }
        int keySize = in.count();
        List<Integer> key = new ArrayList<>(keySize);
        for (int i = 0; i < keySize; i++) {
            key.add((int) in.varint());
        }
        return new TableSchema(id, table, version, columns, key, existing(in, columns));
    }

    /** Journals from before it end behind the key. */
    private static Map<String, Object> existing(FrameInput in, List<Column> columns) {
        Map<String, Object> existing = new HashMap<>();
        if (in.position() < in.size() && in.u8() == EXISTING) {
            int size = in.count();
            for (int i = 0; i < size; i++) {
                Column column = columns.get((int) in.varint());
                existing.put(column.name(), ValueCodec.read(in, column));
            }
        }
        return existing;
    }

    private static Column readColumn(FrameInput in) {
        String name = in.string();
        String sourceType = in.string();
        int length = (int) in.zigzag();
        int scale = (int) in.zigzag();
        boolean nullable = in.u8() != 0;
        ValueType type = type(in.u8());
        int element = in.u8();
        @Nullable ValueType elementType = element == 0 ? null : type(element - 1);
        return new Column(name, sourceType, length, scale, nullable, type, elementType);
    }

    private static ValueType type(int ordinal) {
        if (ordinal >= TYPES.length) {
            throw new IllegalStateException("unknown type of a column: " + ordinal);
        }
        return TYPES[ordinal];
    }
}
