package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The net effect of consecutive row changes: one state a key. A column that a later image leaves out keeps the value of
 * an earlier image of that key; when no image has it, it stays absent and out of every SET list (I7).
 */
final class Compaction {
    private final Map<TableId, Changes> tables = new LinkedHashMap<>();

    /** The net changes of one table, all of one shape. */
    static final class Changes {
        private final TableSchema schema;
        private final Map<Object, State> states = new LinkedHashMap<>();
        private boolean fromSnapshot = true;

        private Changes(TableSchema schema) {
            this.schema = schema;
        }

        TableSchema schema() {
            return schema;
        }

        /** Whether all of them are rows that a snapshot read. */
        boolean areFromSnapshot() {
            return fromSnapshot;
        }

        /** Keys of rows that are gone. */
        List<Row> deleted() {
            return rows(false, false);
        }

        /** Rows that are known whole. */
        List<Row> whole() {
            return rows(true, false);
        }

        /** Those of the {@link #whole} rows that the source inserted here, so that their keys were free before. */
        List<Row> inserted() {
            return whole(true);
        }

        /** The others of them. */
        List<Row> overwriting() {
            return whole(false);
        }

        private List<Row> whole(boolean inserted) {
            return states.values().stream()
                    .filter(state -> state.live && !state.partial && state.inserted == inserted)
                    .map(State::image)
                    .toList();
        }

        /** Rows of which some columns are unknown, by the positions of the known ones. */
        Map<List<Integer>, List<Row>> partial() {
            Map<List<Integer>, List<Row>> groups = new LinkedHashMap<>();
            for (Row row : rows(true, true)) {
                groups.computeIfAbsent(present(row), k -> new ArrayList<>()).add(row);
            }
            return groups;
        }

        private List<Row> rows(boolean live, boolean partial) {
            List<Row> rows = new ArrayList<>();
            for (State state : states.values()) {
                if (state.live == live && (!live || state.partial == partial)) {
                    rows.add(state.image);
                }
            }
            return rows;
        }
    }

    /** @param inserted whether the first change of the key was an insert, and no deletion came since */
    private record State(Row image, boolean live, boolean partial, boolean inserted) {}

    /**
     * Takes one more change.
     *
     * @return false when it does not follow from what is already here (its table changed shape, or a partial image comes
     *     after a deletion): write what is here, then offer it to a new compaction
     */
    boolean add(ChangeEvent event) {
        Changes changes = tables.get(event.table());
        if (changes == null) {
            changes = new Changes(event.schema());
            tables.put(event.table(), changes);
        } else if (changes.schema != event.schema() && !changes.schema.sameShape(event.schema())) {
            return false;
        }
        Row image = completed(event);
        Object key = RowKey.identity(image);
        changes.fromSnapshot &= event.operation() == Operation.READ;
        if (event.operation() == Operation.DELETE) {
            changes.states.put(key, new State(image, false, false, false));
            return true;
        }
        State earlier = changes.states.get(key);
        boolean partial = image.hasAbsent();
        if (partial && earlier != null) {
            if (!earlier.live) {
                return false;
            }
            image = merged(image, earlier.image);
            partial = image.hasAbsent();
        }
        boolean inserted = earlier == null ? event.operation() == Operation.INSERT : earlier.inserted;
        changes.states.put(key, new State(image, true, partial, inserted));
        return true;
    }

    /** Whether the change brings back a row that is deleted here. */
    boolean revives(ChangeEvent event) {
        Changes changes = tables.get(event.table());
        if (changes == null || event.operation() == Operation.DELETE) {
            return false;
        }
        State earlier = changes.states.get(RowKey.identity(event.image()));
        return earlier != null && !earlier.live;
    }

    Collection<Changes> tables() {
        return tables.values();
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }

    /** The event's image; what an update leaves out did not change, so a full before image has it. */
    static Row completed(ChangeEvent event) {
        Row image = event.image();
        Row before = event.before();
        return before != null && before != image && image.hasAbsent() ? merged(image, before) : image;
    }

    private static Row merged(Row image, Row earlier) {
        TableSchema schema = image.schema();
        @Nullable Object[] values = new Object[schema.size()];
        for (int i = 0; i < values.length; i++) {
            Row from = image.isAbsent(i) ? earlier : image;
            values[i] = from.isAbsent(i) ? Row.absent() : from.value(i);
        }
        return Row.of(schema, values);
    }

    /** Positions of the columns that the image has. */
    static List<Integer> present(Row row) {
        List<Integer> present = new ArrayList<>(row.schema().size());
        for (int i = 0; i < row.schema().size(); i++) {
            if (!row.isAbsent(i)) {
                present.add(i);
            }
        }
        return present;
    }
}
