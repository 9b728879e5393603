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

    @Test
    void aRowOfFiftyMegabytes() throws Exception {
        rig.agent.start();
        rig.awaitStreaming();
        rig.execute(
                rig.files.source().database(),
                "UPDATE products SET description = repeat('0123456789abcdef', 3276800) WHERE sku = 'sku-1'");
        rig.execute(rig.files.source().database(), "UPDATE products SET price = 1 WHERE sku = 'sku-1'");
        rig.verify();
    }

    /** The source sends bytes as twice as many digits, and a value that an update leaves alone not at all. */
    @Test
    void aRowOfFiftyMegabytesInBytes() throws Exception {
        String source = rig.files.source().database();
        rig.execute(source, "ALTER TABLE customers ALTER photo SET STORAGE EXTERNAL");
        rig.agent.start();
        rig.awaitStreaming();
        rig.execute(
                source,
                "INSERT INTO customers (email, name, photo) SELECT 'large', 'x',"
                        + " string_agg(decode(repeat(md5(n::text), 64), 'hex'), '') FROM generate_series(1, 51200) n");
        rig.execute(source, "UPDATE customers SET credit = 2 WHERE email = 'large'");
        rig.verifyWarehouse(SHOP_TABLES);
        rig.execute(source, "DELETE FROM customers WHERE email = 'large'");
        rig.verifyWarehouse(SHOP_TABLES);
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
