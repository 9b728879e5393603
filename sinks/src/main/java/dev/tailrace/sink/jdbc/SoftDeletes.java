package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites changes so that a deleted row stays with a mark: a deletion becomes an update of the mark alone, and every
 * other image of a row clears it. Owned by the sink's thread.
 */
final class SoftDeletes {
    private final String column;
    private final Map<Integer, Extended> extended = new HashMap<>();

    /** When the truncations among the changes rewritten last were committed; they carry no row that could say so. */
    private final Map<ChangeEvent, Long> truncated = new IdentityHashMap<>();

    private record Extended(TableSchema source, TableSchema marked) {}

    SoftDeletes(String column) {
        this.column = column;
    }

    /** The schema with the mark behind its columns; one that has it already as it is. */
    TableSchema of(TableSchema source) {
        Extended found = extended.get(source.id());
        if (found != null && (found.marked == source || found.source == source || found.source.sameShape(source))) {
            return found.marked;
        }
        List<Column> columns = new ArrayList<>(source.columns());
        columns.add(Column.of(column, "timestamptz", ValueType.TIMESTAMPTZ, true));
        TableSchema marked = new TableSchema(
                source.id(), source.table(), source.version(), columns, source.key(), source.existing());
        extended.put(source.id(), new Extended(source, marked));
        return marked;
    }

    boolean clashes(TableSchema source) {
        Extended found = extended.get(source.id());
        return (found == null || found.marked != source) && source.indexOf(column) >= 0;
    }

    int position(TableSchema marked) {
        return marked.size() - 1;
    }

    /** Whether this image, made by {@link #rewritten}, is that of a deleted row. */
    boolean isMarked(Row row) {
        return row.value(position(row.schema())) != null;
    }

    /** What a truncation marks rows with: an image that holds nothing else. */
    Row stamp(ChangeEvent truncation) {
        @Nullable Object[] values = absent(truncation.schema());
        values[position(truncation.schema())] = truncated.get(truncation);
        return Row.of(truncation.schema(), values);
    }

    /** The changes with the mark in all their images. */
    List<ChangeEvent> rewritten(List<Transaction> transactions) {
        truncated.clear();
        List<ChangeEvent> marked = new ArrayList<>();
        for (Transaction transaction : transactions) {
            for (ChangeEvent event : transaction.events()) {
                ChangeEvent change = rewritten(event, transaction);
                marked.add(change);
                if (change.operation() == Operation.TRUNCATE) {
                    truncated.put(change, transaction.commitMicros());
                }
            }
        }
        return marked;
    }

    private ChangeEvent rewritten(ChangeEvent event, Transaction transaction) {
        TableSchema marked = of(event.schema());
        Row before = event.before();
        Row after = event.after();
        if (event.operation() == Operation.DELETE && before != null) {
            @Nullable Object[] values = absent(marked);
            marked.key().forEach(k -> values[k] = before.value(k));
            values[position(marked)] = transaction.commitMicros();
            return change(event, Operation.UPDATE, marked, null, Row.of(marked, values));
        }
        return change(
                event,
                event.operation(),
                marked,
                before == null ? null : extended(marked, before, Row.absent()),
                after == null ? null : extended(marked, after, null));
    }

    private static ChangeEvent change(
            ChangeEvent event, Operation operation, TableSchema schema, @Nullable Row before, @Nullable Row after) {
        return event.isSnapshot()
                ? ChangeEvent.ofSnapshot(
                        operation, schema, event.position(), event.snapshotEpoch(), event.ordinal(), after)
                : ChangeEvent.ofChange(operation, schema, event.position(), event.ordinal(), before, after);
    }

    private static Row extended(TableSchema marked, Row row, @Nullable Object mark) {
        @Nullable Object[] values = new Object[marked.size()];
        for (int i = 0; i < values.length - 1; i++) {
            values[i] = row.isAbsent(i) ? Row.absent() : row.value(i);
        }
        values[values.length - 1] = mark;
        return Row.of(marked, values);
    }

    private static @Nullable Object[] absent(TableSchema schema) {
        @Nullable Object[] values = new Object[schema.size()];
        Arrays.fill(values, Row.absent());
        return values;
    }
}
