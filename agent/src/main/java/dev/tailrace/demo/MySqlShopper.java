package dev.tailrace.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A shopper in a MySQL. What it changes it chooses by a query before, which locks nothing: two shoppers may meet at a row,
 * but not at others.
 */
final class MySqlShopper extends Shopper {
    MySqlShopper(Connection connection, long seed, String lane, int bulk) throws SQLException {
        super(connection, seed, lane, bulk);
    }

    @Override
    String note() {
        return super.note().replace("\\", "\\\\");
    }

    @Override
    void order() throws SQLException {
        update("INSERT INTO orders (customer_id, total, note) VALUES (" + (1 + random().nextInt(200)) + ", "
                + (random().nextInt(1_000_000) / 1000.0) + ", " + note() + ")");
        String order = one("SELECT LAST_INSERT_ID()");
        StringBuilder items = new StringBuilder();
        int lines = 1 + random().nextInt(6);
        for (int line = 1; line <= lines; line++) {
            items.append(line == 1 ? "" : ", ")
                    .append("(")
                    .append(order)
                    .append(", ")
                    .append(line);
            items.append(", 'sku-").append(line).append("', ").append(line).append(", ");
            items.append(line).append(" * 1.10)");
        }
        update("INSERT INTO order_items VALUES " + items);
        if (random().nextBoolean()) {
            update("INSERT INTO payments (order_id, amount, raw) VALUES (" + order
                    + ", 1.25, '{\"a\" : 1.50,  \"b\": [null, \"ü\", 18446744073709551615]}')");
        }
        update("UPDATE customers SET credit = credit - 1, seen_at = now(6), tags = concat_ws(',', nullif(tags, ''), '"
                + (random().nextInt(50) == 0 ? "loyal" : "again") + "') WHERE id = " + (1 + random().nextInt(200)));
    }

    @Override
    void status() throws SQLException {
        String order = anOrder();
        if (order != null) {
            update("UPDATE orders SET status = elt(1 + " + random().nextInt(4)
                    + ", 'paid', 'packed', 'shipped', 'returned'), note = " + note() + " WHERE id = " + order);
        }
    }

    @Override
    void cancel() throws SQLException {
        String order = anOrder();
        if (order != null) {
            update("DELETE FROM orders WHERE id = " + order);
            update("DELETE FROM payments WHERE order_id = " + order);
            update("DELETE FROM order_items WHERE order_id = " + order);
        }
    }

    @Override
    void rekey() throws SQLException {
        String card = one("SELECT \"Code No.\" FROM " + Shop.GIFT_CARDS + " WHERE \"Code No.\" >= '" + someKey()
                + "' ORDER BY 1 LIMIT 1");
        if (card != null) {
            update("UPDATE " + Shop.GIFT_CARDS + " SET \"Code No.\" = '" + newKey() + "', \"from\" = " + note()
                    + " WHERE \"Code No.\" = '" + card + "'");
        }
        String order = anOrder();
        if (order != null) {
            // Several keys at once, the highest first: each moves to where nobody is.
            update(
                    "UPDATE order_items SET line = line + 100, quantity = quantity + 1 WHERE line < 10000 AND order_id = "
                            + order + " ORDER BY line DESC");
        }
    }

    @Override
    void multiRow() throws SQLException {
        String key = newKey();
        StringBuilder rows = new StringBuilder();
        for (int n = 1; n <= 20; n++) {
            rows.append(n == 1 ? "" : ", ").append("('").append(key).append('-').append(n);
            rows.append("', ").append(n).append(" * 1.5, ").append(n % 2 == 0).append(", ");
            rows.append(note()).append(')');
        }
        update("INSERT INTO " + Shop.GIFT_CARDS + " VALUES " + rows);
    }

    /** Ten rows of one event of the log. */
    @Override
    void copy() throws SQLException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            rows.append(i == 0 ? "" : ", ").append("('sku-").append(i).append("', ");
            rows.append(random().nextInt(100) - 50).append(i % 3 == 0 ? ", NULL)" : ", 'A" + i + "')");
        }
        update("INSERT INTO stock_movements (sku, quantity, shelf) VALUES " + rows);
    }

    @Override
    void largeText() throws SQLException {
        String sku = "'sku-" + (1 + random().nextInt(40)) + "'";
        update(
                "UPDATE products SET title = concat(title, '.'), active = NOT active WHERE length(title) < 200 AND sku = "
                        + sku);
        if (random().nextInt(4) == 0) {
            update("UPDATE products SET description = reverse(description) WHERE sku = " + sku);
        }
        update("UPDATE products SET weight = " + random().nextFloat() + " WHERE sku = " + sku);
    }

    @Override
    void seen(int customer) throws SQLException {
        update("UPDATE customers SET seen_at = now(6) WHERE id = " + customer);
    }

    @Override
    void bulk() throws SQLException {
        int rows = bulkRows();
        String key = newKey();
        update("INSERT INTO stock_movements (sku, quantity, shelf) " + Shop.numbers(rows) + " SELECT '" + key
                + "', n, 'B' FROM numbers");
        // its own rows only: others have theirs
        String own = " WHERE id >= LAST_INSERT_ID() AND sku = '" + key + "'";
        update("UPDATE stock_movements SET quantity = -quantity" + own + " AND quantity <= " + rows / 2);
        update("DELETE FROM stock_movements" + own + " AND quantity < 0");
    }

    private @Nullable String anOrder() throws SQLException {
        return one("SELECT id FROM orders WHERE id >= (SELECT floor(" + random().nextDouble()
                + " * coalesce(max(id), 0)) FROM orders) ORDER BY id LIMIT 1");
    }

    private @Nullable String one(String sql) throws SQLException {
        try (Statement statement = connection().createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getString(1) : null;
        }
    }
}
