package dev.tailrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tables of a PostgreSQL schema that lines are applied to. */
final class PostgresReplayTarget implements ReplayTarget {
    private final Connection connection;
    private final String schema;

    PostgresReplayTarget(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    @Override
    public List<ComparedTable> tables() throws SQLException {
        return new PostgresTables(connection, schema).tables();
    }

    @Override
    public Map<String, String> types(ComparedTable table) throws SQLException {
        Map<String, String> types = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT attname, format_type(atttypid, atttypmod)"
                + " FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped")) {
            query.setString(1, quoted(table));
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
        return ComparedTable.quote(schema) + "." + table.quoted();
    }

    @Override
    public String placeholder(String type) {
        return type.equals("bytea") ? "decode(?, 'base64')" : "CAST(? AS " + type + ")";
    }

    @Override
    public String text(String type, JsonNode value) {
        return value.isArray() ? array(value) : value.asText();
    }

    private static String array(JsonNode values) {
        StringBuilder text = new StringBuilder("{");
        for (JsonNode value : values) {
            if (text.length() > 1) {
                text.append(',');
            }
            if (value.isNull()) {
                text.append("NULL");
            } else if (value.isArray()) {
                text.append(array(value));
            } else {
                text.append('"')
                        .append(value.asText().replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        return text.append('}').toString();
    }

    @Override
    public String unlessPresent() {
        return " ON CONFLICT DO NOTHING";
    }

    @Override
    public String emptying(ComparedTable table) {
        return "TRUNCATE " + quoted(table);
    }
}
