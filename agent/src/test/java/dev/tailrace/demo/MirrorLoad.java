package dev.tailrace.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection's share of the load of {@link MirrorTest}. What a constraint refuses is rolled back. One thread. */
final class MirrorLoad {
    /** Further ones need the shapes that the tables get later. */
    static final int FIRST_KINDS = 11;

    static final int KINDS = 13;

    /** What has another shape now, or not yet. */
    private static final Set<String> ANOTHER_SHAPE = Set.of("42703", "22003");

    private static final int CUSTOMERS = 40;
    private static final int SEATS = 30;
    private static final int PLACES = 4;

    private final Connection connection;
    private final Random random;
    private final AtomicInteger steps;
    private final AtomicBoolean enough;
    private final int[] done = new int[KINDS];
    private String label = "";

    /**
     * @param steps counts what was tried, for several loads together
     * @param enough ends it once it has done what it has to do at least
     */
    MirrorLoad(Connection connection, long seed, AtomicInteger steps, AtomicBoolean enough) {
        this.connection = connection;
        this.steps = steps;
        this.enough = enough;
        this.random = new Random(seed);
    }

    /** How many transactions of that kind were committed. */
    int done(int kind) {
        return done[kind];
    }

    void run(int atLeast) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < atLeast || !enough.get(); i++) {
                int kind = random.nextInt(KINDS);
                try {
                    step(statement, kind);
                    connection.commit();
                    done[kind]++;
                } catch (SQLException e) {
                    connection.rollback();
                    // Constraints and deadlocks: the loser goes home.
                    if (!e.getSQLState().startsWith("23")
                            && !e.getSQLState().startsWith("40")
                            && !ANOTHER_SHAPE.contains(e.getSQLState())) {
                        throw e;
                    }
                }
                steps.incrementAndGet();
            }
        }
    }

    private void step(Statement statement, int kind) throws SQLException {
        switch (kind) {
            case 0 -> order(statement);
            case 1 -> swapEmails(statement);
            case 2 -> swapSeats(statement);
            case 3 -> customerWithFavourite(statement);
            case 4 -> moveOrders(statement);
            case 5 -> deleteCustomer(statement);
            case 6 -> plantTree(statement, 0);
            case 7 -> fellTree(statement);
            case 8 -> rotatePlaces(statement);
            case 9 -> changeLines(statement);
            case 10 -> takeFreedSeat(statement);
            case 11 -> remark(statement);
            default -> plantTree(statement, 5_000_000_000L);
        }
    }

    private void order(Statement statement) throws SQLException {
        boolean noted = random.nextBoolean();
        statement.execute("WITH o AS (INSERT INTO orders (id, customer" + (noted ? ", note" : "")
                + ") SELECT nextval('ids'), id" + (noted ? ", 'note " + random.nextInt(1000) + "'" : "")
                + " FROM customers WHERE id = " + customer() + " RETURNING id)"
                + " INSERT INTO order_lines (order_id, line, sku, quantity, price) SELECT o.id, l, 'sku ' || l, l, "
                + random.nextInt(10_000) / 100.0 + " FROM o, generate_series(1, " + (1 + random.nextInt(5)) + ") l");
    }

    /** In one statement: the constraint is checked at its end. */
    private void swapEmails(Statement statement) throws SQLException {
        statement.execute("UPDATE customers c SET email = o.email, name = c.name || '+' FROM customers o"
                + " WHERE (c.id, o.id) IN ((a, b), (b, a))"
                        .replace("a", customer())
                        .replace("b", customer()));
    }

    /** By way of a third value: the constraint is checked row by row. */
    private void swapSeats(Statement statement) throws SQLException {
        int one = 1 + random.nextInt(SEATS);
        int other = 1 + random.nextInt(SEATS);
        String ofOne = label(statement, one);
        String ofOther = label(statement, other);
        label(statement, one, " aside " + one);
        label(statement, other, ofOne);
        label(statement, one, ofOther + " !");
        label(statement, one, ofOther);
    }

    /** Its column keeps the name that it has now until the transaction ends. */
    private String label(Statement statement, int seat) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT * FROM seats WHERE id = " + seat + " FOR UPDATE")) {
            if (!row.next()) {
                throw new SQLException("another connection is about to bring the seat back", "40000");
            }
            label = row.getMetaData().getColumnName(2);
            return row.getString(2);
        }
    }

    private void label(Statement statement, int seat, String text) throws SQLException {
        statement.execute("UPDATE seats SET " + label + " = '" + text + "' WHERE id = " + seat);
    }

    /** Each of the two needs the other one. */
    private void customerWithFavourite(Statement statement) throws SQLException {
        String customer = customer();
        long order = next(statement);
        statement.execute("INSERT INTO customers (id, email, name, favourite) VALUES (" + customer + ", 'mail new "
                + order + "', 'New " + customer + "', " + order + ") ON CONFLICT (id) DO UPDATE SET favourite = "
                + order);
        statement.execute("INSERT INTO orders (id, customer) VALUES (" + order + ", " + customer + ")");
    }

    private static long next(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT nextval('ids')")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Their lines stay with them, though the old owner's deletion cascades. */
    private void moveOrders(Statement statement) throws SQLException {
        String old = customer();
        statement.execute("UPDATE orders SET customer = " + customer() + " WHERE customer = " + old);
        statement.execute("DELETE FROM customers WHERE id = " + old
                + " AND NOT EXISTS (SELECT 1 FROM orders WHERE customer = " + old + ")");
    }

    private void deleteCustomer(Statement statement) throws SQLException {
        if (random.nextBoolean()) {
            statement.execute("SET CONSTRAINTS ALL DEFERRED");
        }
        String customer = customer();
        statement.execute("DELETE FROM customers WHERE id = " + customer);
        if (random.nextBoolean()) {
            statement.execute("INSERT INTO customers (id, email, name) VALUES (" + customer
                    + ", 'mail again ' || nextval('ids'), 'Again')");
        }
    }

    /** One statement, leaves first. */
    private void plantTree(Statement statement, long places) throws SQLException {
        int nodes = 1 + random.nextInt(20);
        statement.execute("WITH base AS MATERIALIZED (SELECT nextval('ids') * 1000 AS b)"
                + " INSERT INTO nodes SELECT b + n, CASE WHEN n > 1 THEN b + n / 2 END, n + " + places + " FROM base,"
                + " generate_series(" + nodes + ", 1, -1) n");
    }

    /** One statement, in any order. */
    private void fellTree(Statement statement) throws SQLException {
        statement.execute("WITH RECURSIVE tree(id) AS ((SELECT id FROM nodes WHERE id >= "
                + random.nextInt(4_000_000)
                + " ORDER BY id LIMIT 1) UNION SELECT n.id FROM nodes n JOIN tree t ON n.parent = t.id)"
                + " DELETE FROM nodes USING tree WHERE nodes.id = tree.id AND nodes.id > 60");
    }

    /** One statement: every child takes the place of the next one. */
    private void rotatePlaces(Statement statement) throws SQLException {
        statement.execute("UPDATE nodes n SET place = o.next FROM (SELECT id, coalesce(lead(place) OVER w,"
                + " first_value(place) OVER w) AS next FROM nodes WHERE parent = " + (1 + random.nextInt(PLACES * 4))
                + " WINDOW w AS (ORDER BY place)) o WHERE o.id = n.id");
    }

    private void changeLines(Statement statement) throws SQLException {
        String order = "(SELECT id FROM orders WHERE id >= " + random.nextInt(3000) + " ORDER BY id LIMIT 1)";
        statement.execute(
                "UPDATE order_lines SET quantity = quantity + 1, price = price * 1.1 WHERE order_id = " + order);
        if (random.nextInt(3) == 0) {
            statement.execute("DELETE FROM order_lines WHERE line > 1 AND order_id = " + order);
            statement.execute("INSERT INTO order_lines (order_id, line, sku, quantity, price) SELECT id, "
                    + (10 + random.nextInt(90)) + ", 'sku 2', 1, 9.99 FROM orders WHERE id = " + order);
        }
    }

    private void takeFreedSeat(Statement statement) throws SQLException {
        int seat = 1 + random.nextInt(SEATS);
        String text = label(statement, seat);
        statement.execute("DELETE FROM seats WHERE id = " + seat);
        statement.execute("INSERT INTO seats VALUES (" + (1000 + seat) + ", '" + text + "')");
        statement.execute("DELETE FROM seats WHERE id = " + (1000 + seat));
        statement.execute("INSERT INTO seats VALUES (" + seat + ", '" + text + "')");
    }

    private void remark(Statement statement) throws SQLException {
        statement.execute("UPDATE customers SET remark = " + (random.nextInt(5) == 0 ? "NULL" : "name || '.'")
                + ", name = 'Name ' || " + random.nextInt(1000) + " WHERE id = " + customer());
    }

    private String customer() {
        return String.valueOf(1 + random.nextInt(CUSTOMERS));
    }
}
