package dev.tailrace.demo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Random;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * One connection's share of the shop's traffic. Each step is one source transaction; which one, and on what, the seed
 * decides. Confined to one thread.
 */
public final class Shopper implements AutoCloseable {
    private final Connection connection;
    private final Random random;
    private final String lane;
    private final int bulk;
    private long serial;

    /**
     * @param connection this shopper's own; closed with it
     * @param lane distinguishes the shoppers of one run; new keys carry it
     * @param bulk how many rows a {@link Errand#BULK} touches
     */
    public Shopper(Connection connection, long seed, String lane, int bulk) throws SQLException {
        this.connection = connection;
        this.random = new Random(seed);
        this.lane = lane;
        this.bulk = bulk;
        connection.setAutoCommit(false);
    }

    /** Does one errand that the seed chooses among these kinds, and tells which. */
    public Errand step(Set<Errand> kinds) throws SQLException {
        Errand errand = Errand.of(random.nextInt(1 << 20), kinds);
        step(errand);
        return errand;
    }

    /**
     * Does one errand of that kind and commits it.
     *
     * @throws SQLException after it was rolled back; deadlocks among shoppers are nothing unusual
     */
    public void step(Errand errand) throws SQLException {
        try {
            switch (errand) {
                case ORDER -> order();
                case STATUS ->
                    update("UPDATE orders SET status = (ARRAY['paid','packed','shipped','returned'])[1 + "
                            + random.nextInt(4) + "]::order_status, note = " + note() + " WHERE id = " + anOrder());
                case REPRICE ->
                    update("UPDATE products SET price = price + 0.01, rating = " + random.nextDouble()
                            + " WHERE sku = 'sku-" + (1 + random.nextInt(5)) + "'");
                case CANCEL -> cancel();
                case REKEY -> rekey();
                case MULTI_ROW ->
                    update("INSERT INTO " + Shop.GIFT_CARDS + " SELECT '" + newKey() + "-' || n, n * 1.5, n % 2 = 0, "
                            + note() + " FROM generate_series(1, 20) n");
                case COPY -> copy();
                case TOAST -> toast();
                case FLEETING -> fleeting();
                case ROLLBACK -> rollback();
                case BULK -> bulk();
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    private void order() throws SQLException {
        update("WITH o AS (INSERT INTO orders (customer_id, total, note) SELECT 1 + " + random.nextInt(200) + ", "
                + (random.nextInt(1_000_000) / 1000.0) + ", " + note() + " RETURNING id, total),"
                + " i AS (INSERT INTO order_items SELECT o.id, n, 'sku-' || n, n, n * 1.10 FROM o, generate_series(1, "
                + (1 + random.nextInt(6)) + ") n)"
                + " INSERT INTO payments (order_id, amount, raw) SELECT id, total, '{\"a\" : 1,  \"a\": [null, \"ü\"]}' FROM o WHERE "
                + random.nextBoolean());
        update("UPDATE customers SET credit = credit - 1, seen_at = clock_timestamp()::timestamp, tags = tags || '"
                + (random.nextInt(50) == 0 ? "loyal" : "again") + "'::text WHERE cardinality(tags) < 8 AND id = "
                + (1 + random.nextInt(200)));
    }

    private void cancel() throws SQLException {
        update("WITH o AS (DELETE FROM orders WHERE id = " + anOrder() + " RETURNING id),"
                + " p AS (DELETE FROM payments USING o WHERE order_id = o.id)"
                + " DELETE FROM order_items USING o WHERE order_id = o.id");
    }

    private void rekey() throws SQLException {
        update("UPDATE " + Shop.GIFT_CARDS + " SET \"Code No.\" = '" + newKey() + "', \"from\" = " + note()
                + " WHERE \"Code No.\" = (SELECT \"Code No.\" FROM " + Shop.GIFT_CARDS + " WHERE \"Code No.\" >= '"
                + lane + "-"
                + (1 + random.nextLong(serial + 1)) + "' ORDER BY 1 LIMIT 1)");
        // Several keys at once, each moving to where nobody is.
        update("UPDATE order_items SET line = line + 100, quantity = quantity + 1 WHERE line < 10000 AND order_id = "
                + anOrder());
    }

    private void copy() throws SQLException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            rows.append("sku-")
                    .append(i)
                    .append('\t')
                    .append(random.nextInt(100) - 50)
                    .append('\t');
            rows.append(i % 3 == 0 ? "\\N" : "A" + i).append('\n');
        }
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY stock_movements (sku, quantity, shelf) FROM STDIN",
                            new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new SQLException("the rows of a COPY could not be read from memory", e);
        }
    }

    private void toast() throws SQLException {
        String sku = "'sku-" + (1 + random.nextInt(40)) + "'";
        update("UPDATE products SET title = title || '.', active = NOT active WHERE length(title) < 200 AND sku = "
                + sku);
        if (random.nextInt(4) == 0) {
            update("UPDATE products SET description = reverse(description) WHERE sku = " + sku);
        }
        update("UPDATE products SET weight = " + random.nextFloat() + " WHERE sku = " + sku);
    }

    private void fleeting() throws SQLException {
        String key = "'" + newKey() + "'";
        String insert = "INSERT INTO " + Shop.GIFT_CARDS + " VALUES (" + key + ", 5, true, " + note() + ")";
        update(insert);
        update("UPDATE " + Shop.GIFT_CARDS + " SET \"Größe\" = 6 WHERE \"Code No.\" = " + key);
        update("DELETE FROM " + Shop.GIFT_CARDS + " WHERE \"Code No.\" = " + key);
        if (random.nextBoolean()) {
            update(insert);
        }
    }

    private void rollback() throws SQLException {
        order();
        if (random.nextBoolean()) {
            connection.rollback();
            return;
        }
        Savepoint savepoint = connection.setSavepoint();
        update("DELETE FROM customers WHERE id < 50");
        connection.rollback(savepoint);
        update("UPDATE customers SET seen_at = clock_timestamp()::timestamp WHERE id = " + (1 + random.nextInt(200)));
    }

    private void bulk() throws SQLException {
        update(
                "INSERT INTO stock_movements (sku, quantity, shelf) SELECT 'sku-' || n % 40, n, 'B' FROM generate_series(1, "
                        + bulk + ") n");
        update(
                "UPDATE stock_movements SET quantity = -quantity WHERE id IN (SELECT id FROM stock_movements WHERE shelf = 'B'"
                        + " ORDER BY id LIMIT " + bulk / 2 + " FOR UPDATE SKIP LOCKED)");
        update("DELETE FROM stock_movements WHERE id IN (SELECT id FROM stock_movements WHERE shelf = 'B'"
                + " ORDER BY id LIMIT " + bulk / 2 + " FOR UPDATE SKIP LOCKED)");
    }

    /** A sub-select of one existing order; null when there is none. */
    private String anOrder() {
        return "(SELECT id FROM orders WHERE id >= (SELECT (" + random.nextDouble()
                + " * coalesce(max(id), 0))::bigint FROM orders) ORDER BY id LIMIT 1)";
    }

    private String note() {
        return random.nextInt(5) == 0 ? "NULL" : "'note " + random.nextInt(1000) + " ''quoted'' ü 世 \\ \"'";
    }

    private String newKey() {
        return lane + "-" + ++serial;
    }

    private void update(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
