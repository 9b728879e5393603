package dev.tailrace.bench;

import dev.tailrace.demo.EmbeddedServer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * What a good programmer writes by hand to get rows into PostgreSQL: upserts of a thousand rows by {@code unnest}, five of
 * them and a row that says how far it is in one transaction. It reads no journal. {@code UnnestLoop URL ROWS}.
 */
final class UnnestLoop {
    private static final int STATEMENT = 1_000;
    private static final int GROUP = 5_000;
    private static final String UPSERT =
            "INSERT INTO orders (id, customer_id, status, amount, currency, placed_at, paid,"
                    + " note) SELECT * FROM unnest(?::int8[], ?::int4[], ?::text[], ?::numeric[], ?::text[], ?::timestamptz[],"
                    + " ?::bool[], ?::text[]) ON CONFLICT (id) DO UPDATE SET customer_id = EXCLUDED.customer_id, status ="
                    + " EXCLUDED.status, amount = EXCLUDED.amount, currency = EXCLUDED.currency, placed_at ="
                    + " EXCLUDED.placed_at, paid = EXCLUDED.paid, note = EXCLUDED.note";

    private UnnestLoop() {}

    public static void main(String[] args) throws Exception {
        long rows = Long.parseLong(args[1]);
        PhasedMeter meter = new PhasedMeter(rows);
        Properties properties = new Properties();
        properties.setProperty("user", EmbeddedServer.USER);
        properties.setProperty("prepareThreshold", "1");
        try (Connection connection = DriverManager.getConnection(args[0], properties)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE progress (name text PRIMARY KEY, position bigint)");
                statement.execute("INSERT INTO progress VALUES ('loop', 0)");
            }
            connection.setAutoCommit(false);
            write(connection, rows, meter);
        }
        Child.done(meter.figures());
    }

    private static void write(Connection connection, long rows, PhasedMeter meter) throws SQLException {
        try (PreparedStatement progress =
                        connection.prepareStatement("UPDATE progress SET position = ? WHERE name = 'loop'");
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (long first = 0; first < 2 * rows; first += GROUP) {
                long end = Math.min(2 * rows, first + GROUP);
                progress.setLong(1, end);
                progress.executeUpdate();
                for (long n = first; n < end; n += STATEMENT) {
                    bind(connection, upsert, n, (int) Math.min(STATEMENT, end - n), rows);
                    upsert.executeUpdate();
                }
                connection.commit();
                meter.add(end - first);
            }
        }
    }

    private static void bind(Connection connection, PreparedStatement upsert, long first, int count, long rows)
            throws SQLException {
        Long[] ids = new Long[count];
        Integer[] customers = new Integer[count];
        String[] statuses = new String[count];
        BigDecimal[] amounts = new BigDecimal[count];
        String[] currencies = new String[count];
        String[] times = new String[count];
        Boolean[] paid = new Boolean[count];
        String[] notes = new String[count];
        for (int i = 0; i < count; i++) {
            long n = first + i;
            boolean insert = n < rows;
            Object[] row = OrderRows.values(insert ? n + 1 : OrderRows.scattered(n - rows, rows), insert ? 0 : 1);
            ids[i] = (Long) row[0];
            customers[i] = (Integer) row[1];
            statuses[i] = (String) row[2];
            amounts[i] = (BigDecimal) row[3];
            currencies[i] = (String) row[4];
            times[i] = OrderRows.timestamp((Long) row[5]);
            paid[i] = (Boolean) row[6];
            notes[i] = (String) row[7];
        }
        upsert.setArray(1, connection.createArrayOf("int8", ids));
        upsert.setArray(2, connection.createArrayOf("int4", customers));
        upsert.setArray(3, connection.createArrayOf("text", statuses));
        upsert.setArray(4, connection.createArrayOf("numeric", amounts));
        upsert.setArray(5, connection.createArrayOf("text", currencies));
        upsert.setArray(6, connection.createArrayOf("timestamptz", times));
        upsert.setArray(7, connection.createArrayOf("bool", paid));
        upsert.setArray(8, connection.createArrayOf("text", notes));
    }
}
