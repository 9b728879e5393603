package dev.tailrace.demo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** A shopper in a PostgreSQL. */
final class PostgresShopper extends Shopper {
    PostgresShopper(Connection connection, long seed, String lane, int bulk) throws SQLException {
        super(connection, seed, lane, bulk);
    }

    @Override
    void order() throws SQLException {
        update("WITH o AS (INSERT INTO orders (customer_id, total, note) SELECT 1 + "
                + random().nextInt(200) + ", " + (random().nextInt(1_000_000) / 1000.0) + ", " + note()
                + " RETURNING id, total),"
                + " i AS (INSERT INTO order_items SELECT o.id, n, 'sku-' || n, n, n * 1.10 FROM o, generate_series(1, "
                + (1 + random().nextInt(6)) + ") n)"
                + " INSERT INTO payments (order_id, amount, raw) SELECT id, total, '{\"a\" : 1,  \"a\": [null, \"ü\"]}' FROM o WHERE "
                + random().nextBoolean());
        update("UPDATE customers SET credit = credit - 1, seen_at = clock_timestamp()::timestamp, tags = tags || '"
                + (random().nextInt(50) == 0 ? "loyal" : "again") + "'::text WHERE cardinality(tags) < 8 AND id = "
                + (1 + random().nextInt(200)));
    }

    @Override
    void status() throws SQLException {
        update("UPDATE orders SET status = (ARRAY['paid','packed','shipped','returned'])[1 + " + random().nextInt(4)
                + "]::order_status, note = " + note() + " WHERE id = " + anOrder());
    }

    @Override
    void cancel() throws SQLException {
        update("WITH o AS (DELETE FROM orders WHERE id = " + anOrder() + " RETURNING id),"
                + " p AS (DELETE FROM payments USING o WHERE order_id = o.id)"
                + " DELETE FROM order_items USING o WHERE order_id = o.id");
    }

    @Override
    void rekey() throws SQLException {
        update("UPDATE " + Shop.GIFT_CARDS + " SET \"Code No.\" = '" + newKey() + "', \"from\" = " + note()
                + " WHERE \"Code No.\" = (SELECT \"Code No.\" FROM " + Shop.GIFT_CARDS + " WHERE \"Code No.\" >= '"
                + someKey() + "' ORDER BY 1 LIMIT 1)");
        // Several keys at once, each moving to where nobody is.
        update("UPDATE order_items SET line = line + 100, quantity = quantity + 1 WHERE line < 10000 AND order_id = "
                + anOrder());
    }

    @Override
    void multiRow() throws SQLException {
        update("INSERT INTO " + Shop.GIFT_CARDS + " SELECT '" + newKey() + "-' || n, n * 1.5, n % 2 = 0, " + note()
                + " FROM generate_series(1, 20) n");
    }

    @Override
    void copy() throws SQLException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            rows.append("sku-")
                    .append(i)
                    .append('\t')
                    .append(random().nextInt(100) - 50)
                    .append('\t');
            rows.append(i % 3 == 0 ? "\\N" : "A" + i).append('\n');
        }
        try {
            connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY stock_movements (sku, quantity, shelf) FROM STDIN",
                            new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new SQLException("the rows of a COPY could not be read from memory", e);
        }
    }

    @Override
    void largeText() throws SQLException {
        String sku = "'sku-" + (1 + random().nextInt(40)) + "'";
        update("UPDATE products SET title = title || '.', active = NOT active WHERE length(title) < 200 AND sku = "
                + sku);
        if (random().nextInt(4) == 0) {
            update("UPDATE products SET description = reverse(description) WHERE sku = " + sku);
        }
        update("UPDATE products SET weight = " + random().nextFloat() + " WHERE sku = " + sku);
    }

    @Override
    void seen(int customer) throws SQLException {
        update("UPDATE customers SET seen_at = clock_timestamp()::timestamp WHERE id = " + customer);
    }

    @Override
    void bulk() throws SQLException {
        int rows = bulkRows();
        update(
                "INSERT INTO stock_movements (sku, quantity, shelf) SELECT 'sku-' || n % 40, n, 'B' FROM generate_series(1, "
                        + rows + ") n");
        update(
                "UPDATE stock_movements SET quantity = -quantity WHERE id IN (SELECT id FROM stock_movements WHERE shelf = 'B'"
                        + " ORDER BY id LIMIT " + rows / 2 + " FOR UPDATE SKIP LOCKED)");
        update("DELETE FROM stock_movements WHERE id IN (SELECT id FROM stock_movements WHERE shelf = 'B'"
                + " ORDER BY id LIMIT " + rows / 2 + " FOR UPDATE SKIP LOCKED)");
    }

    /** A sub-select of one existing order; null when there is none. */
    private String anOrder() {
        return "(SELECT id FROM orders WHERE id >= (SELECT (" + random().nextDouble()
                + " * coalesce(max(id), 0))::bigint FROM orders) ORDER BY id LIMIT 1)";
    }
}
