package dev.tailrace.torture;

import dev.tailrace.demo.Warehouse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables of an append sink: one row a change, over all tables in the order of the commits. */
final class History {
    static final String SCHEMA = "history";

    private final Warehouse warehouse;

    History(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** The ids of all rows, in the order that the sink gave them. */
    List<String> ids() throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement()) {
            List<String> parts = new ArrayList<>();
            try (ResultSet tables = statement.executeQuery(
                    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '" + SCHEMA
                            + "' AND tablename NOT LIKE 'tailrace%'")) {
                while (tables.next()) {
                    parts.add("SELECT tailrace_event_id, tailrace_sequence FROM " + tables.getString(1));
                }
            }
            if (!parts.isEmpty()) {
                try (ResultSet rows = statement.executeQuery(String.join(" UNION ALL ", parts) + " ORDER BY 2")) {
                    while (rows.next()) {
                        ids.add(rows.getString(1));
                    }
                }
            }
        }
        return ids;
    }
}
