package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one statement, ready to be bound. Making it asks nothing of the server, so that any thread may.
 *
 * @param to the position behind the last of them
 * @param arrays one a column; none for a large row, which goes alone
 */
record RowGroup(int to, List<ColumnArray> arrays) {
    /** More rows in a statement bring nothing and cost memory at both ends. */
    private static final int ROWS = 1000;

    private static final long BYTES = 8L << 20;

    /** A row beyond this goes alone and without the copies that arrays need. */
    private static final long LARGE_ROW = 1L << 20;

    /** @param from where the group begins */
    static RowGroup of(TableBinding table, List<Integer> columns, List<Row> rows, int from) throws SQLException {
        int to = end(columns, rows, from);
        if (to == from + 1 && isLarge(columns, rows.get(from))) {
            return new RowGroup(to, List.of());
        }
        Row[] group = rows.subList(from, to).toArray(Row[]::new);
        List<ColumnArray> arrays = new ArrayList<>(columns.size());
        for (int column : columns) {
            arrays.add(ColumnArray.of(table, column, group));
        }
        return new RowGroup(to, arrays);
    }

    /** By rows, and by bytes so that large rows go alone. */
    private static int end(List<Integer> columns, List<Row> rows, int from) {
        long bytes = size(columns, rows.get(from));
        int to = from + 1;
        while (to < rows.size() && to - from < ROWS) {
            bytes += size(columns, rows.get(to));
            if (bytes > BYTES) {
                break;
            }
            to++;
        }
        return to;
    }

    boolean isLarge() {
        return arrays.isEmpty();
    }

    static boolean isLarge(List<Integer> columns, Row row) {
        return size(columns, row) > LARGE_ROW;
    }

    private static long size(List<Integer> columns, Row row) {
        long bytes = 0;
        for (int column : columns) {
            bytes += size(row.value(column));
        }
        return bytes;
    }

    private static long size(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length();
        }
        return value instanceof byte[] bytes ? bytes.length : value instanceof List<?> list ? 16L * list.size() : 8;
    }
}
