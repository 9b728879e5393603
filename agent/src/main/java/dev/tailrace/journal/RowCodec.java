package dev.tailrace.journal;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import org.jspecify.annotations.Nullable;

/** The durable form of a row image: a bitmap of nulls, one of absent values if there are any, then the values by position. */
final class RowCodec {
    private RowCodec() {}

    static void write(FrameOutput out, Row row) {
        TableSchema schema = row.schema();
        int columns = schema.size();
        boolean absent = row.hasAbsent();
        out.u8(absent ? 1 : 0);
        for (int from = 0; from < columns; from += 8) {
            int nulls = 0;
            for (int i = from; i < Math.min(from + 8, columns); i++) {
                nulls |= row.isNull(i) ? 1 << (i - from) : 0;
            }
            out.u8(nulls);
        }
        for (int from = 0; absent && from < columns; from += 8) {
            int absents = 0;
            for (int i = from; i < Math.min(from + 8, columns); i++) {
                absents |= row.isAbsent(i) ? 1 << (i - from) : 0;
            }
            out.u8(absents);
        }
        for (int i = 0; i < columns; i++) {
            if (!row.isAbsent(i)) {
                Object value = row.value(i);
                if (value != null) {
                    ValueCodec.write(out, schema.column(i), value);
                }
            }
        }
    }

    static Row read(FrameInput in, TableSchema schema) {
        int columns = schema.size();
        boolean absent = in.u8() != 0;
        @Nullable Object[] values = new @Nullable Object[columns];
        byte[] nulls = in.raw((columns + 7) / 8);
        byte[] absents = absent ? in.raw((columns + 7) / 8) : new byte[0];
        for (int i = 0; i < columns; i++) {
            int bit = 1 << (i % 8);
            if (absent && (absents[i / 8] & bit) != 0) {
                values[i] = Row.absent();
            } else if ((nulls[i / 8] & bit) == 0) {
                values[i] = ValueCodec.read(in, schema.column(i));
            }
        }
        return Row.of(schema, values);
    }
}
