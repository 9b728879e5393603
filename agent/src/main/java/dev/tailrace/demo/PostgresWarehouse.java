package dev.tailrace.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** A warehouse in a database of a PostgreSQL server. */
public final class PostgresWarehouse implements Warehouse {
    private final EmbeddedServer server;
    private final String database;
    private final int port;

    private PostgresWarehouse(EmbeddedServer server, String database, int port) {
        this.server = server;
        this.database = database;
        this.port = port;
    }

    /** @param port where the agent finds the server; a proxy's, perhaps */
    public static PostgresWarehouse create(EmbeddedServer server, String database, int port) throws SQLException {
        server.createDatabase(database);
        return new PostgresWarehouse(server, database, port);
    }

    @Override
    public Connection connect() throws SQLException {
        return server.dataSource(database).getConnection();
    }

    @Override
    public List<String> configuration() {
        return List.of(
                "url: jdbc:postgresql://127.0.0.1:" + port + "/" + database,
                "user: " + EmbeddedServer.USER,
                "password: unused-here");
    }

    @Override
    public TableReader tables(Connection connection, String schema) {
        return new PostgresTables(connection, schema);
    }

    @Override
    public boolean has(Connection connection, String schema, String table, String column, String value)
            throws SQLException {
        String name = ComparedTable.quote(schema) + "." + table;
        try (PreparedStatement exists = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            exists.setString(1, name);
            try (ResultSet result = exists.executeQuery()) {
                if (!result.next() || !result.getBoolean(1)) {
                    return false;
                }
            }
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT 1 FROM " + name + " WHERE " + column + " = ?")) {
            query.setString(1, value);
            try (ResultSet result = query.executeQuery()) {
                return result.next();
            }
        }
    }

    @Override
    public void close() throws SQLException {
        server.dropDatabase(database);
    }
}
