package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partitioned table is one table: its rows come under the root's name, whatever happens to the partitions. */
class PartitionsTest {
    private static final TableId ROOT = new TableId("public", "part");

    @TempDir
    Path directory;

    @Test
    void partitionsComeAndGoUnderLoadAndTheRootStaysWhole() throws Exception {
        SourceServer source = SourceServer.newDatabase();
        source.run(
                "CREATE TABLE part (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (id)",
                "CREATE TABLE part_2a PARTITION OF part_2 FOR VALUES FROM (100) TO (200)",
                "CREATE TABLE part_old PARTITION OF part FOR VALUES FROM (900) TO (1000)",
                "INSERT INTO part SELECT n, 'snapshot' FROM generate_series(0, 199, 3) n",
                "INSERT INTO part VALUES (900, 'old')");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.part"), directory)) {
            rig.awaitState(State.STREAMING);
            AtomicBoolean enough = new AtomicBoolean();
            AtomicInteger statements = new AtomicInteger();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> load(source, statements, enough));
            await(statements, 100);
            source.run(
                    "CREATE TABLE part_3 (id int PRIMARY KEY, v text)",
                    "ALTER TABLE part ATTACH PARTITION part_3 FOR VALUES FROM (200) TO (300)");
            await(statements, 300);
            source.run("INSERT INTO part SELECT n, 'attached' FROM generate_series(200, 299, 2) n");
            source.run(
                    "UPDATE part SET id = 910 WHERE id = 250",
                    "UPDATE part SET id = 251 WHERE id = 910",
                    "DELETE FROM part WHERE id = 900");
            source.run("ALTER TABLE part DETACH PARTITION part_old", "INSERT INTO part_old VALUES (901, 'not of it')");
            await(statements, 500);
            enough.set(true);
            load.join();
            source.run("INSERT INTO part VALUES (299, 'the last one')");

            Map<Integer, String> expected = rows(source);
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> "the last one".equals(folded(rig).get(299)));
            assertThat(folded(rig)).isEqualTo(expected);
            assertThat(expected).containsKeys(200, 251).hasSizeGreaterThan(50);
            assertThat(rig.snapshot()).hasSize(68);
            assertThat(rig.snapshot()).extracting(ChangeEvent::table).containsOnly(ROOT);
            assertThat(rig.changes()).extracting(ChangeEvent::table).containsOnly(ROOT);
        }
    }

    private static void await(AtomicInteger statements, int count) throws Exception {
        Eventually.await(() -> statements + " statements", () -> statements.get() >= count);
    }

    /** Inserts, updates, moves between partitions, and deletes, in the partitions that are there all the time. */
    private static void load(SourceServer source, AtomicInteger statements, AtomicBoolean enough) {
        Random random = new Random(7);
        List<String> texts = List.of(
                "INSERT INTO part VALUES (?, 'new') ON CONFLICT DO NOTHING",
                "UPDATE part SET v = 'changed' WHERE id = ?",
                "UPDATE part SET id = 199 - id WHERE id = ? AND NOT EXISTS (SELECT 1 FROM part p WHERE p.id = 199 - part.id)",
                "DELETE FROM part WHERE id = ?");
        try (Connection connection = source.connect()) {
            while (!enough.get()) {
                try (PreparedStatement statement = connection.prepareStatement(texts.get(random.nextInt(4)))) {
                    statement.setInt(1, random.nextInt(200));
                    statement.executeUpdate();
                }
                statements.incrementAndGet();
            }
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<Integer, String> rows(SourceServer source) throws Exception {
        Map<Integer, String> rows = new TreeMap<>();
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, v FROM part")) {
            while (found.next()) {
                rows.put(found.getInt(1), found.getString(2));
            }
        }
        return rows;
    }

    /** What a target would hold. */
    private static Map<Integer, String> folded(CaptureRig rig) throws Exception {
        Map<Integer, String> rows = new TreeMap<>();
        rig.snapshot().forEach(event -> fold(rows, event));
        rig.changes().forEach(event -> fold(rows, event));
        return rows;
    }

    private static void fold(Map<Integer, String> rows, ChangeEvent event) {
        if (event.before() != null) {
            rows.remove((Integer) event.before().value(0));
        }
        if (event.after() != null) {
            rows.put((Integer) event.after().value(0), (String) event.after().value(1));
        }
    }
}
