package dev.tailrace.event;

import java.util.Objects;

/**
 * A table's name as the source spells it: never folded, never quoted.
 *
 * @param schema PostgreSQL: the schema; MySQL: the database
 * @param table the table
 */
public record TableId(String schema, String table) implements Comparable<TableId> {
    public TableId {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(table, "table");
    }

    @Override
    public int compareTo(TableId other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : table.compareTo(other.table);
    }

    /** {@code schema.table}, the form used in configuration, messages and metrics. */
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
