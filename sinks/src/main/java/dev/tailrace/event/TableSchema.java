package dev.tailrace.event;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One version of a table's shape. Rows are read by position against the version they were journaled with.
 *
 * <p>Two schemas are equal when id, table, version, columns and key are.
 */
public final class TableSchema {
    private final int id;
    private final TableId table;
    private final int version;
    private final List<Column> columns;
    private final List<Integer> key;
    private final Map<String, Object> existing;
    private final Map<String, Integer> indexByName;

    /** A shape in which no row is known to have a value that it was never written with. */
    public TableSchema(int id, TableId table, int version, List<Column> columns, List<Integer> key) {
        this(id, table, version, columns, key, Map.of());
    }

    /**
     * @param id the journal's number for this version of this table, unique in one journal
     * @param table whose shape this is
     * @param version 1 for the first shape seen of the table, then growing by one
     * @param columns in the source's order
     * @param key positions of the primary key's columns in key order; empty when the table has no key
     * @param existing by name of a column that came later than the table: what the rows have that were there before it.
     *     The source wrote none of them, so no change tells it. A column that is not in it has null there, or what nobody
     *     knows
     * @throws IllegalArgumentException when a column name occurs twice, a key position is out of range or repeated, or an
     *     existing value is of no column
     */
    public TableSchema(
            int id, TableId table, int version, List<Column> columns, List<Integer> key, Map<String, Object> existing) {
        this.id = id;
        this.table = Objects.requireNonNull(table, "table");
        this.version = version;
        this.columns = List.copyOf(columns);
        this.key = List.copyOf(key);
        this.existing = Map.copyOf(existing);
        this.indexByName = new HashMap<>();
        for (int i = 0; i < this.columns.size(); i++) {
            if (indexByName.put(this.columns.get(i).name(), i) != null) {
                throw new IllegalArgumentException("table " + table + " has two columns named "
                        + this.columns.get(i).name());
            }
        }
        if (!indexByName.keySet().containsAll(this.existing.keySet())) {
            throw new IllegalArgumentException("table " + table + ": a value of existing rows is of no column");
        }
        Set<Integer> seen = new HashSet<>();
        for (int position : this.key) {
            if (position < 0 || position >= this.columns.size() || !seen.add(position)) {
                throw new IllegalArgumentException(
                        "table " + table + ": key position " + position + " is not a column" + " or occurs twice");
            }
        }
    }

    public int id() {
        return id;
    }

    public TableId table() {
        return table;
    }

    public int version() {
        return version;
    }

    public List<Column> columns() {
        return columns;
    }

    /** Positions of the primary key's columns, in key order; empty when the table has none. */
    public List<Integer> key() {
        return key;
    }

    /** By column: what the rows have that were there before the column came. */
    public Map<String, Object> existing() {
        return existing;
    }

    public boolean hasKey() {
        return !key.isEmpty();
    }

    public int size() {
        return columns.size();
    }

    public Column column(int index) {
        return columns.get(index);
    }

    /** The column's position, -1 when there is none of that name. */
    public int indexOf(String column) {
        return indexByName.getOrDefault(column, -1);
    }

    public boolean isKey(int index) {
        return key.contains(index);
    }

    /** Whether both have the same table, columns and key, whatever their id and version. */
    public boolean sameShape(TableSchema other) {
        return table.equals(other.table) && columns.equals(other.columns) && key.equals(other.key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableSchema that && id == that.id && version == that.version && sameShape(that);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, table, version);
    }

    @Override
    public String toString() {
        return table + " version " + version + " (schema " + id + ", " + columns.size() + " columns)";
    }
}
