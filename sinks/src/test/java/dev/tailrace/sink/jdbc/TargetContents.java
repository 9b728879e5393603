package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.Contents;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows at a target, as another connection sees them. */
final class TargetContents {
    private TargetContents() {}

    /** Of those tables that are there. */
    static Contents read(Connection connection, Dialect dialect, List<TableSchema> tables) throws SQLException {
        Contents contents = new Contents();
        for (TableSchema schema : tables) {
            TargetName name = TargetTemplate.parse(dialect.defaultTarget()).of(schema.table());
            if (dialect.describe(connection, name).isPresent()) {
                read(connection, dialect.quote(name), schema, contents);
            }
        }
        return contents;
    }

    private static void read(Connection connection, String table, TableSchema schema, Contents contents)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            while (rows.next()) {
                Map<String, String> row = new TreeMap<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.put(rows.getMetaData().getColumnName(i), rows.getString(i));
                }
                List<String> key = schema.key().stream()
                        .map(k -> row.get(schema.column(k).name()))
                        .toList();
                contents.put(schema.table(), key, row);
            }
        }
    }
}
