package dev.tailrace.torture;

import dev.tailrace.demo.Warehouse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of an append sink: one row a change. */
final class History {
    static final String SCHEMA = "history";

    private final Warehouse warehouse;

    History(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** The ids of all rows of each table, in the order that the sink gave them. */
    Map<String, List<String>> ids() throws SQLException {
        Map<String, List<String>> ids = new TreeMap<>();
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet tables =
                    statement.executeQuery("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                            + " WHERE schemaname = '" + SCHEMA + "' AND tablename NOT LIKE 'tailrace%'")) {
                while (tables.next()) {
                    ids.put(tables.getString(1), new ArrayList<>());
                }
            }
            for (Map.Entry<String, List<String>> table : ids.entrySet()) {
                try (ResultSet rows = statement.executeQuery(
                        "SELECT tailrace_event_id FROM " + table.getKey() + " ORDER BY tailrace_sequence")) {
                    while (rows.next()) {
                        table.getValue().add(rows.getString(1));
                    }
                }
            }
        }
        return ids;
    }
}
