package dev.tailrace.bench;

import dev.tailrace.demo.EmbeddedServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** Inserts single rows at a steady rate, each in a transaction of its own; what it is late with it makes up for. */
final class PacedWriter {
    private PacedWriter() {}

    /**
     * Inserts the keys {@code from + 1} to {@code from + rows}.
     *
     * @return how many a second were reached
     */
    static double write(EmbeddedServer server, long from, long rows, double perSecond) throws SQLException {
        try (Connection connection = server.dataSource(PostgresSource.DATABASE).getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders SELECT * FROM order_rows(?, ?)")) {
            long start = System.nanoTime();
            for (long i = 1; i <= rows; i++) {
                long due = start + (long) (i * 1e9 / perSecond);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                insert.setLong(1, from + i);
                insert.setLong(2, from + i);
                insert.executeUpdate();
            }
            return rows * 1e9 / (System.nanoTime() - start);
        }
    }
}
