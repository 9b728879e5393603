package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.TcpProxy;
import dev.tailrace.demo.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A target that is down holds up nobody (I4). {@code -Dcrash.outage=60} is the long form, in seconds. */
@ExtendWith(ServerExtension.class)
abstract class TargetOutage {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("crash.outage", 8));
    private static final Traffic.Plan LOAD = Traffic.Plan.mixed(2, 7, Duration.ofMillis(10), 300);

    @Test
    void databaseDown(SourceServer server, EmbeddedServer warehouses, @TempDir Path directory) throws Exception {
        try (TcpProxy proxy = new TcpProxy(warehouses.port());
                CrashRig rig = new CrashRig(server, warehouses, directory, proxy.port(), CrashRig.JOURNAL)) {
            rig.agent.start();
            rig.awaitStreaming();
            try (Traffic traffic = rig.load(LOAD)) {
                rig.await("changes at the receiver", () -> rig.receiver.deliveries() > 500);
                proxy.down();
                long confirmed = rig.captured();
                long delivered = rig.receiver.deliveries();
                for (int part = 0; part < 4; part++) {
                    long before = confirmed;
                    long deliveredBefore = delivered;
                    long end = System.nanoTime() + OUTAGE.dividedBy(4).toNanos();
                    rig.await("a quarter of the outage", () -> System.nanoTime() - end >= 0);
                    rig.await("the source is told of progress while a target is down", () -> rig.captured() > before);
                    rig.await(
                            "the receiver gets changes while the database is down",
                            () -> rig.receiver.deliveries() > deliveredBefore);
                    confirmed = rig.captured();
                    delivered = rig.receiver.deliveries();
                }
                proxy.up();
                traffic.stop();
            }
            rig.verify();
        }
    }

    @Test
    void receiverFailsHoldsAndForgetsToAnswer(SourceServer server, EmbeddedServer warehouses, @TempDir Path directory)
            throws Exception {
        try (CrashRig rig = new CrashRig(server, warehouses, directory)) {
            rig.agent.start();
            rig.awaitStreaming();
            try (Traffic traffic = rig.load(LOAD)) {
                rig.receiver.fail(503);
                awaitProgress(rig);
                rig.receiver.breakOff();
                awaitProgress(rig);
                rig.receiver.hold();
                awaitProgress(rig);
                rig.receiver.slow(Duration.ofMillis(100));
                awaitProgress(rig);
                rig.receiver.recover();
                traffic.stop();
            }
            assertThat(rig.verify().deliveries()).isPositive();
        }
    }

    /** The warehouse and the source go on whatever the receiver does. */
    private static void awaitProgress(CrashRig rig) throws Exception {
        long confirmed = rig.captured();
        String code = "progress " + confirmed;
        rig.shop.execute("INSERT INTO stock_movements (sku, quantity) VALUES ('" + code + "', 0)");
        rig.await("the agent's place moves", () -> rig.captured() > confirmed);
        rig.await("the warehouse has " + code, () -> rig.targetHas("stock_movements", "sku", code));
    }

    /** Captured tables rest while others are busy: the agent's place in the log has to move all the same. */
    @Test
    void idleCapturedTables(SourceServer server, EmbeddedServer warehouses, @TempDir Path directory) throws Exception {
        try (CrashRig rig = new CrashRig(server, warehouses, directory)) {
            String busy = "busy_" + rig.files.name();
            rig.shop.execute("CREATE SCHEMA " + busy);
            rig.shop.execute("CREATE TABLE " + busy + ".log (id bigint PRIMARY KEY, t varchar(400))");
            rig.agent.start();
            rig.awaitStreaming();
            rig.await("the first confirmation", () -> rig.captured() > 0);
            for (int round = 0; round < 3; round++) {
                rig.shop.execute("INSERT INTO " + busy + ".log " + Shop.numbers(20000) + " SELECT n + " + round
                        + " * 20000, repeat('0123456789abcdef', 20) FROM numbers");
                long written = rig.shop.written();
                rig.await("the agent's place passes what others wrote", () -> rig.captured() >= written);
            }
            rig.shop.execute("DROP TABLE " + busy + ".log");
            rig.shop.execute("DROP SCHEMA " + busy);
        }
    }
}
