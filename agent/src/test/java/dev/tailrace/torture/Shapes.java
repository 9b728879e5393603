package dev.tailrace.torture;

import dev.tailrace.demo.ShapedLoad;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.Warehouse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of tables in a schema of their own beside the shop's, of which one after the other changes its shape under load.
 * Goes over outages of the source. One thread.
 */
final class Shapes implements AutoCloseable {
    private static final int WORK = 10;

    private final Shop shop;
    private final boolean mySql;
    private final String schema;
    private final List<ShapedLoad> loads = new ArrayList<>();
    private @Nullable Connection connection;
    private int current = -1;
    private boolean broken;

    private Shapes(Shop shop, boolean mySql) {
        this.shop = shop;
        this.mySql = mySql;
        this.schema = shop.schema() + "_shapes";
    }

    /** Makes that many pairs, empty; before the agent starts, which captures them then. */
    static Shapes create(Shop shop, boolean mySql, long seed, int pairs) throws SQLException {
        Shapes shapes = new Shapes(shop, mySql);
        shop.execute("CREATE SCHEMA " + shapes.schema);
        Connection connection = shapes.connect();
        shapes.connection = connection;
        for (int i = 0; i < pairs; i++) {
            ShapedLoad load = new ShapedLoad(connection, seed + i, "_" + i);
            load.create();
            shapes.loads.add(load);
        }
        return shapes;
    }

    /** A lock that somebody holds, a snapshot for example, must not hold up the disturbances. */
    private Connection connect() throws SQLException {
        Connection opened = shop.connect();
        try (Statement statement = opened.createStatement()) {
            statement.execute(mySql ? "USE " + schema : "SET search_path = " + schema);
            statement.execute(doNotWait());
        }
        return opened;
    }

    /** What a session of this source says so that it waits for nobody's locks. */
    String doNotWait() {
        return mySql ? "SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1" : "SET lock_timeout = '1s'";
    }

    /** Takes the next pair; false when none is left. */
    boolean next() {
        if (current + 1 >= loads.size()) {
            return false;
        }
        current++;
        broken = true; // the pair has not seen the present connection
        return true;
    }

    /** Some rows and the next change of shape, if one is left. */
    void step() throws SQLException {
        if (current < 0) {
            return;
        }
        ShapedLoad load = loads.get(current);
        try {
            if (broken) {
                disconnect();
                connection = connect();
                load.comeBack(connection);
                broken = false;
            }
            load.work(WORK);
            change(load);
            load.work(WORK);
        } catch (SQLException e) {
            if (!mayPass(e)) {
                throw e;
            }
            broken = true;
        }
    }

    private static void change(ShapedLoad load) throws SQLException {
        if (!load.has("colour")) {
            load.add();
        } else if (!load.isWide()) {
            load.widen();
        } else if (load.has("note")) {
            load.drop();
        } else if (load.has("label")) {
            load.rename();
        }
    }

    /** Does what is left of the present pair. */
    boolean finish() throws SQLException {
        do {
            step();
        } while (broken || (current >= 0 && loads.get(current).has("label")));
        return true;
    }

    /** Whether the same statement may do when it is tried again. */
    static boolean mayPass(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("40")
                || state.equals("55P03")
                || e.getErrorCode() == 1205
                || e instanceof SQLTransientException
                || e instanceof SQLNonTransientConnectionException;
    }

    /** Compares each pair that was written to with its tables at the target. */
    List<String> wrong(Warehouse warehouse) throws SQLException {
        List<String> wrong = new ArrayList<>();
        try (Connection target = warehouse.connect();
                Connection source = connect()) {
            for (int i = 0; i <= current; i++) {
                ShapedLoad load = loads.get(i);
                if (!load.items(source, "").equals(load.items(target, schema + "."))) {
                    wrong.add("shapes: the rows of item_" + i + " differ");
                }
                List<String> ledger = load.ledger(source, "");
                if (ledger.isEmpty() || !ledger.equals(load.ledger(target, schema + "."))) {
                    wrong.add("shapes: the rows of ledger_" + i + " differ");
                }
            }
        }
        return wrong;
    }

    private void disconnect() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // it was broken
        }
    }

    @Override
    public void close() throws SQLException {
        disconnect();
        if (mySql) {
            shop.execute("DROP SCHEMA " + schema);
        }
    }
}
