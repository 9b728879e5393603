package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.demo.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A target that is down holds up nobody (I4). {@code -Dcrash.outage=60} is the long form, in seconds. */
@ExtendWith(ServerExtension.class)
class TargetOutageTest {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("crash.outage", 8));
    private static final Traffic.Plan LOAD = Traffic.Plan.mixed(2, 7, Duration.ofMillis(10), 300);

    @Test
    void databaseDown(EmbeddedServer server, @TempDir Path directory) throws Exception {
        try (TcpProxy proxy = new TcpProxy(server.port());
                CrashRig rig = new CrashRig(server, directory, proxy.port(), CrashRig.JOURNAL)) {
            rig.agent.start();
            rig.awaitStreaming();
            try (Traffic traffic = rig.load(LOAD)) {
                rig.await("changes at the receiver", () -> rig.receiver.deliveries() > 500);
                proxy.down();
                long confirmed = rig.confirmed();
                long delivered = rig.receiver.deliveries();
                for (int part = 0; part < 4; part++) {
                    long before = confirmed;
                    long deliveredBefore = delivered;
                    long end = System.nanoTime() + OUTAGE.dividedBy(4).toNanos();
                    rig.await("a quarter of the outage", () -> System.nanoTime() - end >= 0);
                    rig.await("the source is told of progress while a target is down", () -> rig.confirmed() > before);
                    rig.await(
                            "the receiver gets changes while the database is down",
                            () -> rig.receiver.deliveries() > deliveredBefore);
                    confirmed = rig.confirmed();
                    delivered = rig.receiver.deliveries();
                }
                proxy.up();
                traffic.stop();
            }
            rig.verify();
        }
    }

    @Test
    void receiverFailsHoldsAndForgetsToAnswer(EmbeddedServer server, @TempDir Path directory) throws Exception {
        try (CrashRig rig = new CrashRig(server, directory)) {
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
        long confirmed = rig.confirmed();
        String code = "progress " + confirmed;
        rig.execute(
                rig.files.source().database(),
                "INSERT INTO stock_movements (sku, quantity) VALUES ('" + code + "', 0)");
        rig.await("the slot moves", () -> rig.confirmed() > confirmed);
        rig.await("the warehouse has " + code, () -> rig.targetHas("stock_movements", "sku", code));
    }

    /** Captured tables rest while others are busy: the slot has to move all the same. */
    @Test
    void idleCapturedTables(EmbeddedServer server, @TempDir Path directory) throws Exception {
        try (CrashRig rig = new CrashRig(server, directory)) {
            rig.execute(
                    rig.files.source().database(),
                    "CREATE SCHEMA busy; CREATE TABLE busy.log (id bigserial PRIMARY KEY, t text)");
            rig.agent.start();
            rig.awaitStreaming();
            rig.await("the first confirmation", () -> rig.confirmed() > 0);
            for (int round = 0; round < 3; round++) {
                rig.execute(
                        rig.files.source().database(),
                        "INSERT INTO busy.log (t) SELECT repeat(md5(n::text), 10) FROM generate_series(1, 20000) n");
                long written = Long.parseLong(rig.one("SELECT pg_current_wal_flush_lsn() - ?::pg_lsn", "0/0"));
                rig.await("the slot passes what others wrote", () -> rig.confirmed() >= written);
            }
        }
    }
}
