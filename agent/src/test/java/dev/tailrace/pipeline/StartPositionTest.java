package dev.tailrace.pipeline;

import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.sink.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPositionTest {
    @TempDir
    Path directory;

    private final MemoryJournal journal = new MemoryJournal("j1");

    private DeliveryRig run(ScriptedTarget target) throws Exception {
        return new DeliveryRig(journal, target, directory).run();
    }

    private void stored(String id, long passed, long target) throws Exception {
        stored(id, passed, "t1", target, "t1");
    }

    private void stored(String id, long passed, String token, long target, String targetToken) throws Exception {
        new CheckpointStore(directory, "s").store(new StoredCheckpoint(id, passed, token, target, targetToken, ""));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNewSinkStartsFromTheOldestFrame(boolean keepsCheckpoint) throws Exception {
        journal.offset();
        journal.transaction(ORDERS, 2);
        ScriptedTarget target = new ScriptedTarget(keepsCheckpoint);
        run(target).close();
        assertThat(target.durable).hasSize(2);
    }

    @Test
    void aNewSinkHaltsWhenTheOldestFramesAreGone() throws Exception {
        journal.deleteBefore(7);
        journal.transaction(ORDERS, 2);
        ScriptedTarget target = new ScriptedTarget(true);
        run(target).assertHalted("PIPELINE-HISTORY-GONE");
        assertThat(target.handed).isEmpty();
    }

    @Test
    void aSinkWhoseNextFrameIsGoneHalts() throws Exception {
        journal.deleteBefore(7);
        journal.transaction(ORDERS, 2);
        ScriptedTarget target = new ScriptedTarget(true);
        target.checkpoint = Optional.of(new Checkpoint("j1", 5, "t1", ""));
        run(target).assertHalted("PIPELINE-HISTORY-GONE");
    }

    @Test
    void aCheckpointOfAnotherJournalHaltsWithTheRemedy() throws Exception {
        journal.transaction(ORDERS, 2);
        ScriptedTarget target = new ScriptedTarget(true);
        target.checkpoint = Optional.of(new Checkpoint("j0", 1, "t1", ""));
        try (DeliveryRig rig = run(target)) {
            rig.assertHalted("PIPELINE-OTHER-JOURNAL");
            assertThat(rig.status().lastError().remedy())
                    .contains("journal j0", "DELETE FROM tailrace_checkpoint WHERE pipeline = 'shop/s'");
            target.checkpoint = Optional.empty();
            rig.orders.resume();
            rig.turn();
            rig.run();
            assertThat(target.durable).hasSize(2);
        }
    }

    @Test
    void aStoredCheckpointOfAnotherJournalHalts() throws Exception {
        journal.transaction(ORDERS, 2);
        stored("j0", 1, 1);
        run(new ScriptedTarget(false)).assertHalted("PIPELINE-OTHER-JOURNAL");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCheckpointBehindTheJournalsEndHalts(boolean keepsCheckpoint) throws Exception {
        journal.transaction(ORDERS, 2);
        ScriptedTarget target = new ScriptedTarget(keepsCheckpoint);
        target.checkpoint = Optional.of(new Checkpoint("j1", 2, "t1", ""));
        if (!keepsCheckpoint) {
            stored("j1", 2, 2);
        }
        run(target).assertHalted("PIPELINE-AHEAD");
    }

    /** The journal was put back from an older copy and has gone on with the same numbers (I9). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCheckpointOverAFrameOfAnotherStartHalts(boolean keepsCheckpoint) throws Exception {
        journal.transaction(ORDERS, 2);
        journal.restart("t2 of the copy");
        journal.transaction(ORDERS, 2);
        ScriptedTarget target = new ScriptedTarget(keepsCheckpoint);
        target.checkpoint = Optional.of(new Checkpoint("j1", 2, "t2", ""));
        if (!keepsCheckpoint) {
            stored("j1", 2, "t2", 2, "t2");
        }
        try (DeliveryRig rig = run(target)) {
            rig.assertHalted("PIPELINE-DIVERGED");
            assertThat(rig.status().lastError().message()).contains("frame 2 of start t2,", "start t2 of the copy");
            assertThat(rig.status().lastError().remedy())
                    .contains(keepsCheckpoint ? "DELETE FROM tailrace_checkpoint" : "remove " + rig.store.file());
        }
        assertThat(target.handed).isEmpty();
        assertThat(journal.holds).as("what is needed after a way out").containsEntry("s", 0L);
    }

    @Test
    void aNoteOverAFrameOfAnotherStartHaltsThoughTheTargetAgrees() throws Exception {
        journal.transaction(ORDERS, 2);
        journal.restart("t2 of the copy");
        journal.offset();
        ScriptedTarget target = new ScriptedTarget(true);
        target.checkpoint = Optional.of(new Checkpoint("j1", 1, "t1", ""));
        stored("j1", 2, "t2", 1, "t1");
        try (DeliveryRig rig = run(target)) {
            rig.assertHalted("PIPELINE-DIVERGED");
            assertThat(rig.status().lastError().remedy()).contains("remove " + rig.store.file());
        }
    }

    @Test
    void aFrameOfAnEarlierStartIsGoneOnBehind() throws Exception {
        journal.transaction(ORDERS, 2);
        journal.restart("t2");
        journal.transaction(ORDERS, 2);
        ScriptedTarget target = new ScriptedTarget(true);
        target.checkpoint = Optional.of(new Checkpoint("j1", 1, "t1", ""));
        run(target).close();
        assertThat(target.durable).hasSize(2);
        assertThat(target.checkpoint.orElseThrow().token()).isEqualTo("t2");
    }

    /** A target that another copy has taken over and filled meanwhile is noticed at the next opening, not the next start. */
    @Test
    void aTargetThatAnotherCopyFilledIsNoticedWhenItIsOpenedAgain() throws Exception {
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(true);
        try (DeliveryRig rig = run(target)) {
            target.checkpoint = Optional.of(new Checkpoint("j1", 1, "t9", ""));
            rig.orders.pause();
            rig.run();
            rig.orders.resume();
            rig.run();
            rig.assertHalted("PIPELINE-DIVERGED");
        }
    }

    /** The target was filled by another copy up to a frame of the same number as before. */
    @Test
    void theNoteCountsOnlyWhileTheTargetsFrameIsOfTheSameStart() throws Exception {
        journal.transaction(ORDERS, 1);
        journal.offset();
        ScriptedTarget target = new ScriptedTarget(true);
        target.checkpoint = Optional.of(new Checkpoint("j1", 1, "t9", ""));
        stored("j1", 2, 1);
        run(target).assertHalted("PIPELINE-DIVERGED");
    }

    @Test
    void theNoteCountsOnlyWhileTheTargetSaysTheSame() throws Exception {
        journal.transaction(ORDERS, 1);
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(true);
        target.checkpoint = Optional.of(new Checkpoint("j1", 1, "t1", ""));
        stored("j1", 2, 2);
        run(target).close();
        assertThat(target.durable).hasSize(1);
    }

    @Test
    void aDamagedCheckpointHalts() throws Exception {
        journal.transaction(ORDERS, 1);
        stored("j1", 1, 1);
        Path file = directory.resolve("s.checkpoint");
        Files.writeString(file, Files.readString(file).replace("passed 1", "passed 0"));
        run(new ScriptedTarget(false)).assertHalted("PIPELINE-CHECKPOINT-DAMAGED");
    }
}
