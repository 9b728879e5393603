package dev.tailrace.capture.postgres;

import dev.tailrace.event.ValueType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** The types of the source database, read at each start and again when an unknown one turns up. Any thread. */
final class PgTypes {
    private static final String QUERY = "SELECT t.oid::int8,"
            + " CASE WHEN n.nspname = 'pg_catalog' THEN t.typname::text"
            + " ELSE quote_ident(n.nspname) || '.' || quote_ident(t.typname) END,"
            + " t.typdelim::text, CASE WHEN e.oid IS NULL THEN 0 ELSE e.oid::int8 END,"
            + " CASE WHEN t.typtype = 'd' THEN t.typbasetype::int8 ELSE 0 END, n.nspname = 'pg_catalog'"
            + " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
            + " LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid";

    /** Reads them anew. */
    interface Reader {
        Connection connect() throws SQLException;
    }

    private final Reader reader;
    private final int moneyDigits;
    private volatile Map<Integer, PgType> byOid;

    private PgTypes(Reader reader, int moneyDigits, Map<Integer, PgType> byOid) {
        this.reader = reader;
        this.moneyDigits = moneyDigits;
        this.byOid = byOid;
    }

    private record Row(int oid, String name, char delimiter, int element, int base, boolean own) {
        String arrayName(Row elements) {
            return own ? name : elements.name + "[]";
        }
    }

    /**
     * @param moneyDigits behind the point of the database's money
     * @param reader for types that are made later
     */
    static PgTypes read(Connection connection, int moneyDigits, Reader reader) throws SQLException {
        return new PgTypes(reader, moneyDigits, read(connection, moneyDigits));
    }

    private static Map<Integer, PgType> read(Connection connection, int moneyDigits) throws SQLException {
        Map<Integer, Row> rows = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(QUERY)) {
            while (result.next()) {
                Row row = new Row(
                        (int) result.getLong(1),
                        result.getString(2),
                        result.getString(3).charAt(0),
                        (int) result.getLong(4),
                        (int) result.getLong(5),
                        result.getBoolean(6));
                rows.put(row.oid, row);
            }
        }
        Map<Integer, PgType> types = new HashMap<>();
        for (Row row : rows.values()) {
            Row root = root(row, rows);
            Row element = rows.get(root.element);
            if (element == null) {
                types.put(row.oid, PgType.scalar(root.oid, root.name, root.delimiter, moneyDigits));
            } else {
                Row elementRoot = root(element, rows);
                PgType elementType =
                        PgType.scalar(elementRoot.oid, elementRoot.name, elementRoot.delimiter, moneyDigits);
                types.put(row.oid, PgType.arrayOf(root.oid, root.arrayName(elementRoot), elementType));
            }
        }
        return Map.copyOf(types);
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
     * The type of that number; one that is gone by now is carried as text under the given name.
     *
     * @param name as the engine knows it
     */
    PgType of(int oid, String name) {
        PgType known = byOid.get(oid);
        if (known == null) {
            known = readAgain().get(oid);
        }
        if (known != null) {
            return known;
        }
        return name.startsWith("_")
                ? new PgType(oid, name, ValueType.ARRAY, PgType.scalar(0, name.substring(1), ',', 0), ',', 0)
                : PgType.scalar(oid, name, ',', 0);
    }

    private Map<Integer, PgType> readAgain() {
        try (Connection connection = reader.connect()) {
            byOid = read(connection, moneyDigits);
            return byOid;
        } catch (SQLException e) {
            throw new IllegalStateException("the types of the source cannot be read", e);
        }
    }
}
