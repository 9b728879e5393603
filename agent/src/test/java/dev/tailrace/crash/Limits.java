package dev.tailrace.crash;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.SourceKind;
import dev.tailrace.demo.SourceServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Large things in a small heap. {@code -Dcrash.rows=2000000} is the long form of the large transaction; it runs with the
 * product's own heap.
 */
@ExtendWith(ServerExtension.class)
abstract class Limits {
    private static final int ROWS = Integer.getInteger("crash.rows", 200_000);
    private static final int TABLES = 1000;

    private SourceKind kind;
    private CrashRig rig;

    @BeforeEach
    void start(SourceKind source, SourceServer server, EmbeddedServer warehouses, @TempDir Path directory)
            throws Exception {
        kind = source;
        rig = new CrashRig(server, warehouses, directory);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void aTransactionLargerThanTheHeap() throws Exception {
        rig.agent.start(ROWS > 200_000 ? "-Xmx512m" : "-Xmx192m");
        rig.awaitStreaming();
        rig.shop.execute("INSERT INTO stock_movements (sku, quantity) " + Shop.numbers(ROWS)
                + " SELECT concat(repeat('wide ', 20), n), n FROM numbers");
        rig.verify();
    }

    /** Inserted, kept by an update of another column, replaced, and gone: at all three targets, in the shipped heap. */
    @Test
    void aRowOfFiftyMegabytesOfText() throws Exception {
        rig.agent.start();
        rig.awaitStreaming();
        step("INSERT INTO products (sku, title, price, description)"
                + " VALUES ('large', 'x', 1, repeat('0123456789abcdef', 3276800))");
        step("UPDATE products SET price = 2 WHERE sku = 'large'");
        step("UPDATE products SET description = repeat('fedcba9876543210', 3276800) WHERE sku = 'large'");
        step("DELETE FROM products WHERE sku = 'large'");
    }

    /** PostgreSQL sends bytes as twice as many digits, and a value that an update leaves alone not at all. */
    @Test
    void aRowOfFiftyMegabytesInBytes() throws Exception {
        boolean postgres = kind == SourceKind.POSTGRES;
        if (postgres) {
            rig.shop.execute("ALTER TABLE customers ALTER photo SET STORAGE EXTERNAL");
        }
        rig.agent.start();
        rig.awaitStreaming();
        step("INSERT INTO customers (email, name, photo) "
                + (postgres
                        ? "SELECT 'large', 'x',"
                                + " string_agg(decode(repeat(md5(n::text), 64), 'hex'), '') FROM generate_series(1, 51200) n"
                        : "VALUES ('large', 'x', repeat(unhex(repeat(sha2(1, 256), 32)), 51200))"));
        step("UPDATE customers SET credit = 2 WHERE email = 'large'");
        step("DELETE FROM customers WHERE email = 'large'");
    }

    private void step(String statement) throws Exception {
        rig.shop.execute(statement);
        rig.verify();
    }

    @Test
    void aThousandTables() throws Exception {
        try (Connection connection = rig.shop.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 1; i <= TABLES; i++) {
                statement.execute("CREATE TABLE t" + i + " (id int PRIMARY KEY, \"Wert " + i + "\" varchar(20))");
                statement.execute("INSERT INTO t" + i + " VALUES (1, '1'), (2, '2'), (3, '3')");
            }
            rig.agent.start();
            rig.awaitStreaming();
            for (int i = 1; i <= TABLES; i++) {
                statement.execute("UPDATE t" + i + " SET \"Wert " + i + "\" = NULL WHERE id = 2");
                statement.execute("DELETE FROM t" + i + " WHERE id = 3");
            }
        }
        rig.verifyWarehouse(TABLES + Shop.TABLES);
    }
}
