package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * One shape of a source table, matched with its table at the target. Columns are named by their position in the shape.
 */
public final class TableBinding {
    private final TableSchema schema;
    private final TargetTable table;
    private final List<TargetColumn> columns;
    private final List<Integer> writable;

    /** @throws IllegalArgumentException when the target lacks a column; {@link TargetShape} finds that before */
    TableBinding(TableSchema schema, TargetTable table, ColumnNames names) {
        this.schema = schema;
        this.table = table;
        this.columns = schema.columns().stream()
                .map(c -> names.leftOut().contains(c.name())
                        ? TargetColumn.leftOut(c.name())
                        : table.column(names.of(c.name()))
                                .orElseThrow(() ->
                                        new IllegalArgumentException(table.name() + " has no column " + c.name())))
                .toList();
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).generated()) {
                positions.add(i);
            }
        }
        this.writable = List.copyOf(positions);
    }

    public TableSchema schema() {
        return schema;
    }

    public TargetTable table() {
        return table;
    }

    public TargetColumn column(int position) {
        return columns.get(position);
    }

    /** The columns that are written: not those that the target computes itself or has not got. */
    List<Integer> writable() {
        return writable;
    }

    public List<Integer> key() {
        return schema.key();
    }
}
