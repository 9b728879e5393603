package dev.tailrace.bench;

import dev.tailrace.demo.EmbeddedServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A database of its own for one run, with the table {@code orders} made beforehand. Dropped when closed. */
final class PostgresTarget implements AutoCloseable {
    private final EmbeddedServer server;
    private final String name;

    private PostgresTarget(EmbeddedServer server, String name) {
        this.server = server;
        this.name = name;
    }

    static PostgresTarget create(EmbeddedServer server, String name) throws SQLException {
        server.createDatabase(name);
        PostgresTarget target = new PostgresTarget(server, name);
        try (Connection connection = server.dataSource(name).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(OrdersTable.CREATE);
            // No run pays for what an earlier one has left to be written.
            statement.execute("CHECKPOINT");
        }
        return target;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + name;
    }

    /** Number of rows and a sum over their contents: equal when the tables are. */
    record Contents(long rows, long sum) {}

    static Contents contents(EmbeddedServer server, String database) throws SQLException {
        try (Connection connection = server.dataSource(database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT count(*), coalesce(sum(hashtext(o::text)), 0) FROM orders o")) {
            result.next();
            return new Contents(result.getLong(1), result.getLong(2));
        }
    }

    Contents contents() throws SQLException {
        return contents(server, name);
    }

    @Override
    public void close() throws SQLException {
        server.dropDatabase(name);
    }
}
