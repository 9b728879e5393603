package dev.tailrace.cli;

import dev.tailrace.deadletter.DeadLetterDesk;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.view.Literals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that {@code dlq edit} puts into a change; a key is none of them, for later changes name the row by it. */
final class DlqCorrection implements DeadLetterDesk.Correction<Failure> {
    /** By column; null for NULL. */
    private final Map<String, @Nullable String> texts = new LinkedHashMap<>();

    /**
     * @param assignments {@code COLUMN=VALUE}
     * @param nulls names of columns
     */
    DlqCorrection(List<String> assignments, List<String> nulls) throws Failure {
        for (String assignment : assignments) {
            int at = assignment.indexOf('=');
            if (at < 1) {
                throw failure("--set takes COLUMN=VALUE");
            }
            texts.put(assignment.substring(0, at), assignment.substring(at + 1));
        }
        for (String column : nulls) {
            texts.put(column, null);
        }
        if (texts.size() < assignments.size() + nulls.size()) {
            throw failure("a column is set twice");
        }
        if (texts.isEmpty()) {
            throw failure("dlq edit needs --set COLUMN=VALUE or --null COLUMN");
        }
    }

    @Override
    public ChangeEvent of(ChangeEvent event) throws Failure {
        Row after = event.after();
        if (after == null) {
            throw failure(event.operation() + " of " + event.table() + " leaves no row whose values could be set");
        }
        TableSchema schema = event.schema();
        @Nullable Object[] values = new @Nullable Object[schema.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = after.isAbsent(i) ? Row.absent() : after.value(i);
        }
        for (Map.Entry<String, @Nullable String> text : texts.entrySet()) {
            int at = schema.columns().stream().map(Column::name).toList().indexOf(text.getKey());
            if (at < 0) {
                throw failure("there is no column " + text.getKey() + " in " + event.table());
            }
            values[at] = value(schema, at, text.getValue());
        }
        return event.withAfter(Row.of(schema, values));
    }

    private static @Nullable Object value(TableSchema schema, int at, @Nullable String text) throws Failure {
        Column column = schema.column(at);
        if (schema.key().contains(at)) {
            throw failure("column " + column.name() + " belongs to the key of " + schema.table());
        }
        try {
            return text == null ? null : Literals.filling(column, text);
        } catch (IllegalArgumentException e) {
            throw failure("column " + column.name() + " of " + schema.table() + " is " + column.sourceType() + " and "
                    + e.getMessage());
        }
    }

    private static Failure failure(String message) {
        return new Failure(ExitCode.CONFIGURATION, "DLQ-EDIT", message, "tailrace dlq --help", null);
    }
}
