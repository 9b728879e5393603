package dev.tailrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tables of a MySQL database that lines are applied to. The connection is in UTC. */
final class MySqlReplayTarget implements ReplayTarget {
    private final Connection connection;
    private final String database;

    MySqlReplayTarget(Connection connection, String database) {
        this.connection = connection;
        this.database = database;
    }

    @Override
    public List<ComparedTable> tables() throws SQLException {
        return new MySqlTables(connection, database).tables();
    }

    @Override
    public Map<String, String> types(ComparedTable table) throws SQLException {
        Map<String, String> types = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS"
                        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
            query.setString(1, database);
            query.setString(2, table.name());
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    types.put(result.getString(1), result.getString(2));
                }
            }
        }
        return types;
    }

    @Override
    public String quoted(ComparedTable table) {
        return ComparedTable.quote(database) + "." + table.quoted();
    }

    @Override
    public String placeholder(String type) {
        if (type.endsWith("blob") || type.endsWith("binary")) {
            return "FROM_BASE64(?)";
        }
        return type.equals("bit") ? "CAST(CONV(?, 2, 10) AS UNSIGNED)" : "?";
    }

    @Override
    public String text(String type, JsonNode value) {
        if (value.isBoolean()) {
            return value.asBoolean() ? "1" : "0";
        }
        String text = value.asText();
        return switch (type) {
            case "datetime" -> text.replace('T', ' ');
            case "timestamp" -> text.replace('T', ' ').replace("Z", "");
            default -> text;
        };
    }

    @Override
    public String unlessPresent() {
        return "";
    }

    @Override
    public String emptying(ComparedTable table) {
        return "DELETE FROM " + quoted(table); // TRUNCATE would commit
    }
}
