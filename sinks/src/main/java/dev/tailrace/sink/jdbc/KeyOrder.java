package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the rows of a table are written that have no order among each other: by their keys. Rows that lie in
 * one page of the table or of its index come together then, so that the page is read and logged once for all of them, and
 * two writers of the same rows do not wait for each other crosswise.
 *
 * <p>It need not be the target's own order of such values: any order that keeps neighbours together will do.
 */
final class KeyOrder {
    private static final Comparator<Row> BY_KEY = KeyOrder::compare;

    private KeyOrder() {}

    /**
     * The rows, which are of one table and state, in that order; as they came where the table has a further unique index,
     * triggers or rules, or a reference to itself: one of its rows may have to make way for another one then, or be there before it.
     */
    static List<Row> of(TargetTable table, List<Row> rows) {
        return rows.size() < 2 || !isFree(table)
                ? rows
                : rows.stream().sorted(BY_KEY).toList();
    }

    /** Whether rows of the table have no order among each other. */
    static boolean isFree(TargetTable table) {
        return table.uniqueIndexes() == 1
                && !table.hasTriggers()
                && !table.children().contains(table.name());
    }

    private static int compare(Row one, Row other) {
        for (int column : one.schema().key()) {
            int order = compare(one.value(column), other.value(column));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** A total order over values of any types: a column may hold numbers, and texts for what is no number. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static int compare(@Nullable Object one, @Nullable Object other) {
        if (one == null || other == null) {
            return one == other ? 0 : one == null ? -1 : 1;
        }
        if (one.getClass() != other.getClass()) {
            return one.getClass().getName().compareTo(other.getClass().getName());
        }
        if (one instanceof byte[] bytes) {
            return Arrays.compareUnsigned(bytes, (byte[]) other);
        }
        return one instanceof Comparable comparable ? comparable.compareTo(other) : 0;
    }
}
