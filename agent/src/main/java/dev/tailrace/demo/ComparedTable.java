package dev.tailrace.demo;

import java.util.List;

/**
 * A table of the source that is compared.
 *
 * @param name without schema
 * @param columns in order
 * @param key names of its key columns in order
 */
record ComparedTable(String name, List<Column> columns, List<String> key) {
    /** @param form by which its values are compared when the two sides are of different kinds */
    record Column(String name, CanonicalValue form) {}

    ComparedTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** An identifier in double quotes, which all connections of the demonstration take. */
    static String quote(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    String quoted() {
        return quote(name);
    }
}
