package dev.tailrace.bench;

import dev.tailrace.demo.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** PostgreSQL's own logical replication from one database of a server to another, from the place of a slot on. */
final class Subscription {
    static final String NAME = "native logical replication";

    private Subscription() {}

    /** Replicates until the target has all rows. */
    static Figures replicate(EmbeddedServer server, String slot, PostgresTarget target, long rows) throws Exception {
        long start = System.nanoTime();
        execute(
                server,
                slot,
                "CREATE SUBSCRIPTION " + slot + " CONNECTION 'host=127.0.0.1 port=" + server.port() + " user="
                        + EmbeddedServer.USER + " dbname=" + PostgresSource.DATABASE + "' PUBLICATION "
                        + PostgresSource.PUBLICATION + " WITH (copy_data = false, create_slot = false, slot_name = '"
                        + slot + "')");
        try {
            return TargetWatch.until(target.url(), rows, start);
        } finally {
            execute(server, slot, "DROP SUBSCRIPTION " + slot);
        }
    }

    private static void execute(EmbeddedServer server, String database, String sql) throws SQLException {
        try (Connection connection = server.dataSource(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
