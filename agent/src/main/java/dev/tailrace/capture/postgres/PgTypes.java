package dev.tailrace.capture.postgres;

import dev.tailrace.event.ValueType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** The types of the source database, read once at each start. Immutable. */
final class PgTypes {
    private static final String QUERY = "SELECT t.oid::int8, t.typname, t.typdelim::text,"
            + " CASE WHEN e.oid IS NULL THEN 0 ELSE e.oid::int8 END,"
            + " CASE WHEN t.typtype = 'd' THEN t.typbasetype::int8 ELSE 0 END"
            + " FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid";

    private final Map<Integer, PgType> byOid;

    private PgTypes(Map<Integer, PgType> byOid) {
        this.byOid = byOid;
    }

    private record Row(int oid, String name, char delimiter, int element, int base) {}

    static PgTypes read(Connection connection) throws SQLException {
        Map<Integer, Row> rows = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(QUERY)) {
            while (result.next()) {
                Row row = new Row(
                        (int) result.getLong(1),
                        result.getString(2),
                        result.getString(3).charAt(0),
                        (int) result.getLong(4),
                        (int) result.getLong(5));
                rows.put(row.oid, row);
            }
        }
        Map<Integer, PgType> types = new HashMap<>();
        for (Row row : rows.values()) {
            Row root = root(row, rows);
            Row element = rows.get(root.element);
            if (element == null) {
                types.put(row.oid, PgType.scalar(root.oid, root.name, root.delimiter));
            } else {
                Row elementRoot = root(element, rows);
                PgType elementType = PgType.scalar(elementRoot.oid, elementRoot.name, elementRoot.delimiter);
                types.put(row.oid, PgType.arrayOf(root.oid, root.name, elementType));
            }
        }
        return new PgTypes(types);
    }

    /** A domain is carried as what it is a domain over. */
    private static Row root(Row row, Map<Integer, Row> rows) {
        Row current = row;
        while (current.base != 0 && rows.containsKey(current.base)) {
            current = rows.get(current.base);
        }
        return current;
    }

    /**
     * The type of that number; a type made after this was read is carried as text under the given name.
     *
     * @param name as the engine knows it
     */
    PgType of(int oid, String name) {
        PgType known = byOid.get(oid);
        if (known != null) {
            return known;
        }
        return name.startsWith("_")
                ? new PgType(oid, name, ValueType.ARRAY, PgType.scalar(0, name.substring(1), ','), ',')
                : PgType.scalar(oid, name, ',');
    }
}
