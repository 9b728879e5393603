package dev.tailrace.sink.jdbc;

import java.util.Optional;

/**
 * A table's name at the target, unquoted.
 *
 * @param schema empty: where unqualified names are created
 */
public record TargetName(Optional<String> schema, String table) implements Comparable<TargetName> {

    public static TargetName of(String schema, String table) {
        return new TargetName(Optional.of(schema), table);
    }

    @Override
    public int compareTo(TargetName other) {
        int bySchema = schema.orElse("").compareTo(other.schema.orElse(""));
        return bySchema != 0 ? bySchema : table.compareTo(other.table);
    }

    /** {@code schema.table}, for messages. */
    @Override
    public String toString() {
        return schema.map(s -> s + "." + table).orElse(table);
    }
}
