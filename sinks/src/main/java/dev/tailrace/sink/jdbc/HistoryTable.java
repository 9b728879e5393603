package dev.tailrace.sink.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.EventJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a table in append mode: one row a change, the source's columns (all nullable) behind Tailrace's own. The
 * event id is the primary key, so that a change handed over twice is one row.
 */
final class HistoryTable {
    static final String EVENT_ID = "tailrace_event_id";
    private static final List<Column> OWN = List.of(
            Column.of(EVENT_ID, "text", ValueType.TEXT, false),
            Column.of("tailrace_operation", "text", ValueType.TEXT, false),
            Column.of("tailrace_position", "text", ValueType.TEXT, false),
            Column.of("tailrace_transaction", "text", ValueType.TEXT, false),
            Column.of("tailrace_committed_at", "timestamptz", ValueType.TIMESTAMPTZ, false),
            // A column named here was not sent by the source: null in it means nothing.
            new Column("tailrace_absent", "_text", -1, -1, true, ValueType.ARRAY, ValueType.TEXT),
            new Column("tailrace_previous_key", "_text", -1, -1, true, ValueType.ARRAY, ValueType.TEXT),
            Column.of("tailrace_sequence", "int8", ValueType.INT64, false),
            Column.of("tailrace_order", "int8", ValueType.INT64, false),
            // What the source sent of the row as it was, as JSON; a column that is not in it was not sent.
            Column.of("tailrace_before", "json", ValueType.TEXT, true));

    /**
     * Where a change stands.
     *
     * @param sequence grows from change to change over all tables and transactions of a sink, in the order of the commits
     * @param order of the change in its transaction, from 0
     */
    record Place(long sequence, long order) {}

    static final String CLASH = "has a column named like one of Tailrace's own";
    static final String CLASH_REMEDY = "leave the table out of this sink or rename the column";

    private HistoryTable() {}

    static boolean clashes(TableSchema source) {
        return OWN.stream().anyMatch(c -> source.indexOf(c.name()) >= 0);
    }

    static boolean isOwn(Column column) {
        return OWN.contains(column);
    }

    /** @throws IllegalArgumentException when it {@link #clashes} */
    static TableSchema of(TableSchema source) {
        List<Column> columns = new ArrayList<>(OWN);
        for (Column column : source.columns()) {
            columns.add(new Column(
                    column.name(),
                    column.sourceType(),
                    column.length(),
                    column.scale(),
                    true,
                    column.valueType(),
                    column.elementType()));
        }
        return new TableSchema(source.id(), source.table(), source.version(), columns, List.of(0));
    }

    /** @param schema the shape that {@link #of} made of the event's */
    static Row row(TableSchema schema, ChangeEvent event, Transaction transaction, Place place) {
        @Nullable Object[] values = new Object[schema.size()];
        Row image = event.operation() == Operation.TRUNCATE ? null : Compaction.completed(event);
        List<String> absent = new ArrayList<>();
        for (int i = OWN.size(); i < values.length; i++) {
            int position = i - OWN.size();
            if (image == null || image.isAbsent(position)) {
                absent.add(schema.column(i).name());
            } else {
                values[i] = image.value(position);
            }
        }
        values[0] = event.id().text();
        values[1] = String.valueOf(event.operation().code());
        values[2] = event.position().toString();
        values[3] = transaction.id();
        values[4] = transaction.commitMicros();
        values[5] = absent.isEmpty() ? null : absent;
        values[6] = previousKey(event);
        values[7] = place.sequence();
        values[8] = place.order();
        values[9] = before(event);
        return Row.of(schema, values);
    }

    private static @Nullable String before(ChangeEvent event) {
        if (event.before() == null) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = EventJson.generator(bytes)) {
            EventJson.row(json, event.before());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static @Nullable List<String> previousKey(ChangeEvent event) {
        Row before = event.before();
        if (before == null || !event.changesKey()) {
            return null;
        }
        List<String> key = new ArrayList<>();
        for (int position : event.schema().key()) {
            Column column = event.schema().column(position);
            Object value = before.value(position);
            key.add(value == null ? "" : ValueText.of(value, column.valueType(), column.elementType()));
        }
        return key;
    }
}
