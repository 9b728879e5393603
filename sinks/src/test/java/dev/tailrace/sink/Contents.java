package dev.tailrace.sink;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.EventId;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a target holds: the rows it would show now, and the changes it was given. All values are texts, so that targets of
 * any kind compare.
 *
 * <p>A row is named by its key's texts in key order; a row of a table without key by the text of its first column. A
 * target that keeps no log leaves {@link #ids} empty; one that keeps no state is folded from its log with {@link #put},
 * {@link #remove} and {@link #truncate}.
 */
public final class Contents {
    private final Map<TableId, Map<List<String>, Map<String, String>>> rows = new TreeMap<>();
    private final List<EventId> ids = new ArrayList<>();

    /** The rows of each table that has any. */
    public Map<TableId, Map<List<String>, Map<String, String>>> rows() {
        return rows;
    }

    /** The ids in the order they were taken: right within a table, any order between tables. */
    public List<EventId> ids() {
        return ids;
    }

    /** Sets the columns given and leaves the row's others alone. */
    public void put(TableId table, List<String> key, Map<String, String> present) {
        rows.computeIfAbsent(table, t -> new LinkedHashMap<>())
                .computeIfAbsent(key, k -> new TreeMap<>())
                .putAll(present);
    }

    public void remove(TableId table, List<String> key) {
        take(table, key);
    }

    public void truncate(TableId table) {
        rows.remove(table);
    }

    /** Moves a row to another key, with the columns that the change does not name. */
    public void rename(TableId table, List<String> oldKey, List<String> key) {
        Map<String, String> row = take(table, oldKey);
        if (row != null) {
            put(table, key, row);
        }
    }

    private Map<String, String> take(TableId table, List<String> key) {
        Map<List<String>, Map<String, String>> ofTable = rows.get(table);
        if (ofTable == null) {
            return null;
        }
        Map<String, String> row = ofTable.remove(key);
        if (ofTable.isEmpty()) {
            rows.remove(table);
        }
        return row;
    }

    /** What a target holds that was given these changes once, in this order. */
    public static Contents of(List<ChangeEvent> events) {
        Contents contents = new Contents();
        for (ChangeEvent event : events) {
            contents.apply(event);
        }
        return contents;
    }

    private void apply(ChangeEvent event) {
        ids.add(event.id());
        TableId table = event.table();
        switch (event.operation()) {
            case TRUNCATE -> truncate(table);
            case DELETE -> remove(table, key(event.before()));
            case READ, INSERT, UPDATE -> {
                List<String> key = key(event.after());
                if (event.changesKey()) {
                    rename(table, key(event.before()), key);
                }
                put(table, key, present(event.after()));
            }
        }
    }

    /** The key's texts in key order; without a key the first column's. */
    public static List<String> key(Row row) {
        List<Integer> positions = row.schema().hasKey() ? row.schema().key() : List.of(0);
        return positions.stream().map(p -> text(row.value(p))).toList();
    }

    private static Map<String, String> present(Row row) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < row.schema().size(); i++) {
            if (!row.isAbsent(i)) {
                values.put(row.schema().column(i).name(), text(row.value(i)));
            }
        }
        return values;
    }

    /** A value as every port shows it: null stays null, a number is plain. */
    public static String text(Object value) {
        return value == null ? null : value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    }
}
