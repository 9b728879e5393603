package dev.tailrace.pipeline;

import static dev.tailrace.event.Operation.INSERT;
import static dev.tailrace.event.Operation.TRUNCATE;
import static dev.tailrace.event.Operation.UPDATE;
import static dev.tailrace.pipeline.MemoryJournal.ORDERS;

import dev.tailrace.event.ChangeEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines with a target in memory that refuses what a test names. */
abstract class ParkingCase {
    @TempDir
    Path directory;

    final MemoryJournal journal = new MemoryJournal("j1");

    DeliveryRig rig(ScriptedTarget target) {
        return rig(target, RejectSettings.DEFAULT);
    }

    DeliveryRig rig(ScriptedTarget target, RejectSettings rejects) {
        PipelineSettings settings = DeliveryRig.batchesOf(10);
        return new DeliveryRig(journal, target, table -> true, directory, rejects, settings);
    }

    ChangeEvent insert(long key) {
        return journal.change(INSERT, ORDERS, null, key);
    }

    ChangeEvent update(long key) {
        return journal.change(UPDATE, ORDERS, null, key);
    }

    ChangeEvent move(long from, long to) {
        return journal.change(UPDATE, ORDERS, from, to);
    }

    /** A snapshot starts over, behind that change. */
    static ChangeEvent emptied(ChangeEvent before) {
        return ChangeEvent.ofSnapshot(TRUNCATE, before.schema(), before.position(), 2, 0, null);
    }

    static List<String> ids(ChangeEvent... events) {
        return List.of(events).stream().map(e -> e.id().text()).toList();
    }

    static void refuse(ScriptedTarget target, ChangeEvent... poison) {
        List<String> ids = ids(poison);
        target.refuses = event -> ids.contains(event.id().text());
    }

    /** Long enough for the automatic attempts, one round each. */
    static void waitOutTheTries(DeliveryRig rig) throws Exception {
        for (int i = 0; i < 10; i++) {
            rig.pass(Duration.ofSeconds(60));
            rig.run();
        }
    }
}
