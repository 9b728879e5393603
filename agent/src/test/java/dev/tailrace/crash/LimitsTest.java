package dev.tailrace.crash;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import java.nio.file.Path;
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
class LimitsTest {
    private static final int ROWS = Integer.getInteger("crash.rows", 200_000);
    private static final int TABLES = 1000;
    private static final int SHOP_TABLES = 7;

    private CrashRig rig;

    @BeforeEach
    void start(EmbeddedServer server, @TempDir Path directory) throws Exception {
        rig = new CrashRig(server, directory);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void aTransactionLargerThanTheHeap() throws Exception {
        rig.agent.start(ROWS > 200_000 ? "-Xmx512m" : "-Xmx192m");
        rig.awaitStreaming();
        rig.execute(
                rig.files.source().database(),
                "INSERT INTO stock_movements (sku, quantity) SELECT repeat('wide ', 20) || n, n FROM generate_series(1, "
                        + ROWS + ") n");
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

    /** The source sends bytes as twice as many digits, and a value that an update leaves alone not at all. */
    @Test
    void aRowOfFiftyMegabytesInBytes() throws Exception {
        rig.execute(rig.files.source().database(), "ALTER TABLE customers ALTER photo SET STORAGE EXTERNAL");
        rig.agent.start();
        rig.awaitStreaming();
        step("INSERT INTO customers (email, name, photo) SELECT 'large', 'x',"
                + " string_agg(decode(repeat(md5(n::text), 64), 'hex'), '') FROM generate_series(1, 51200) n");
        step("UPDATE customers SET credit = 2 WHERE email = 'large'");
        step("DELETE FROM customers WHERE email = 'large'");
    }

    private void step(String statement) throws Exception {
        rig.execute(rig.files.source().database(), statement);
        rig.verify();
    }

    @Test
    void aThousandTables() throws Exception {
        rig.execute(
                rig.files.source().database(),
                "DO $$ BEGIN FOR i IN 1.." + TABLES
                        + " LOOP EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, \"Wert %s\" text);"
                        + " INSERT INTO t%s SELECT n, n::text FROM generate_series(1, 3) n', i, i, i); END LOOP; END $$");
        rig.agent.start();
        rig.awaitStreaming();
        rig.execute(
                rig.files.source().database(),
                "DO $$ BEGIN FOR i IN 1.." + TABLES
                        + " LOOP EXECUTE format('UPDATE t%s SET \"Wert %s\" = NULL WHERE id = 2; DELETE FROM t%s WHERE id = 3',"
                        + " i, i, i); COMMIT; END LOOP; END $$");
        rig.verifyWarehouse(TABLES + SHOP_TABLES);
    }
}
