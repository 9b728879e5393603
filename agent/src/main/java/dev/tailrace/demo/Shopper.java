package dev.tailrace.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Random;
import java.util.Set;

/**
 * One connection's share of a shop's traffic. Each step is one source transaction; which one, and on what, the seed
 * decides. Confined to one thread.
 */
public abstract class Shopper implements AutoCloseable {
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
    Shopper(Connection connection, long seed, String lane, int bulk) throws SQLException {
        this.connection = connection;
        this.random = new Random(seed);
        this.lane = lane;
        this.bulk = bulk;
        connection.setAutoCommit(false);
    }

    /** Does one errand that the seed chooses among these kinds, and tells which. */
    public final Errand step(Set<Errand> kinds) throws SQLException {
        Errand errand = Errand.of(random.nextInt(1 << 20), kinds);
        step(errand);
        return errand;
    }

    /**
     * Does one errand of that kind and commits it.
     *
     * @throws SQLException after it was rolled back; deadlocks among shoppers are nothing unusual
     */
    public final void step(Errand errand) throws SQLException {
        try {
            switch (errand) {
                case ORDER -> order();
                case STATUS -> status();
                case REPRICE ->
                    update("UPDATE products SET price = price + 0.01, rating = " + random.nextDouble()
                            + " WHERE sku = 'sku-" + (1 + random.nextInt(5)) + "'");
                case CANCEL -> cancel();
                case REKEY -> rekey();
                case MULTI_ROW -> multiRow();
                case COPY -> copy();
                case TOAST -> largeText();
                case FLEETING -> fleeting();
                case ROLLBACK -> rollback();
                case BULK -> bulk();
            }
            connection.commit();
        } catch (SQLException e) {
            try {
                connection.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        }
    }

    abstract void order() throws SQLException;

    abstract void status() throws SQLException;

    abstract void cancel() throws SQLException;

    abstract void rekey() throws SQLException;

    abstract void multiRow() throws SQLException;

    abstract void copy() throws SQLException;

    abstract void largeText() throws SQLException;

    abstract void bulk() throws SQLException;

    /** Says that a customer was here. */
    abstract void seen(int customer) throws SQLException;

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
        seen(1 + random.nextInt(200));
    }

    final Connection connection() {
        return connection;
    }

    final Random random() {
        return random;
    }

    final int bulkRows() {
        return bulk;
    }

    /** The lane and the number of a key that this shopper may have made. */
    final String someKey() {
        return lane + "-" + (1 + random.nextLong(serial + 1));
    }

    final String newKey() {
        return lane + "-" + ++serial;
    }

    /** A literal. */
    String note() {
        return random.nextInt(5) == 0 ? "NULL" : "'note " + random.nextInt(1000) + " ''quoted'' ü 世 \\ \"'";
    }

    final void update(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Override
    public final void close() throws SQLException {
        connection.close();
    }
}
