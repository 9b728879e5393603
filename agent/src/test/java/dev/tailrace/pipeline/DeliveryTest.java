package dev.tailrace.pipeline;

import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static dev.tailrace.pipeline.MemoryJournal.OTHERS;
import static dev.tailrace.pipeline.ScriptedTarget.NONE;
import static dev.tailrace.pipeline.ScriptedTarget.busy;
import static dev.tailrace.pipeline.ScriptedTarget.down;
import static dev.tailrace.pipeline.ScriptedTarget.halted;
import static dev.tailrace.pipeline.ScriptedTarget.rejected;
import static dev.tailrace.pipeline.ScriptedTarget.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableId;
import dev.tailrace.sink.Batch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryTest {
    @TempDir
    Path directory;

    private final MemoryJournal journal = new MemoryJournal("j1");

    private DeliveryRig rig(ScriptedTarget target) {
        return new DeliveryRig(journal, target, directory);
    }

    private DeliveryRig rig(ScriptedTarget target, int maxEvents) {
        PipelineSettings settings = DeliveryRig.batchesOf(maxEvents);
        return new DeliveryRig(journal, target, directory, RejectSettings.DEFAULT, settings);
    }

    @Test
    void combinesSmallTransactionsUpToTheLimitAndNeverSplitsAFrame() throws Exception {
        for (int i = 0; i < 4; i++) {
            journal.transaction(ORDERS, 4);
        }
        journal.transaction(ORDERS, 25);
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(true);
        rig(target, 10).run().close();
        assertThat(target.handed).extracting(Batch::eventCount).containsExactly(8, 8, 25, 1);
        assertThat(target.ids()).hasSize(42).doesNotHaveDuplicates().isSorted();
    }

    /** As on a full disk: what was stored before stays true, the journal is kept from there, the target gets its changes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCheckpointThatCannotBeStoredHoldsUpNobody(boolean keepsItsOwn) throws Exception {
        Path inTheWay = directory.resolve("s.checkpoint.tmp");
        Files.createDirectories(inTheWay);
        ScriptedTarget target = new ScriptedTarget(keepsItsOwn);
        try (DeliveryRig rig = rig(target)) {
            for (int i = 0; i < 3; i++) {
                journal.transaction(ORDERS, 2);
                rig.pass(Duration.ofSeconds(2));
                rig.run();
            }
            assertThat(target.ids()).hasSize(6).doesNotHaveDuplicates();
            assertThat(rig.status().state()).isEqualTo(PipelineState.RUNNING);
            assertThat(rig.store.load()).isEmpty();
            assertThat(journal.holds.get("s")).isEqualTo(keepsItsOwn ? journal.end() : 0);
            Files.delete(inTheWay);
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(rig.store.load().orElseThrow().passed()).isEqualTo(journal.end());
            assertThat(journal.holds.get("s")).isEqualTo(journal.end());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesUnwantedFramesAndReleasesTheJournal(boolean keepsCheckpoint) throws Exception {
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(keepsCheckpoint);
        try (DeliveryRig rig = rig(target)) {
            assertThat(journal.holds).containsEntry("s", 0L);
            rig.run();
            for (int i = 0; i < 2_500; i++) {
                journal.transaction(OTHERS, 1);
            }
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(journal.holds)
                    .as("stored now and then")
                    .hasEntrySatisfying("s", h -> assertThat(h).isBetween(1001L, 2501L));
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.handed).hasSize(1);
            assertThat(journal.holds).containsEntry("s", 2501L);
            assertThat(rig.status().appliedSequence()).isEqualTo(2501);
            assertThat(rig.status().pendingEvents()).isZero();
        }
        journal.deleteBefore(2000);
        journal.transaction(ORDERS, 1);
        try (DeliveryRig restarted = rig(target).run()) {
            assertThat(restarted.status().state()).isEqualTo(PipelineState.RUNNING);
            assertThat(target.ids()).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Test
    void storesTheCheckpointOfAPlainSinkNowAndThenAndAtClose() throws Exception {
        try (DeliveryRig rig = rig(new ScriptedTarget(false))) {
            for (int i = 0; i < 3; i++) {
                journal.transaction(ORDERS, 1);
                rig.run();
            }
            assertThat(rig.store.load()).map(StoredCheckpoint::passed).contains(1L);
            assertThat(journal.holds).containsEntry("s", 1L);
            rig.pass(Duration.ofMillis(200));
            rig.run();
            assertThat(rig.store.load()).map(StoredCheckpoint::passed).contains(3L);
            journal.transaction(ORDERS, 1);
            rig.run();
        }
        assertThat(new CheckpointStore(directory, "s").load())
                .contains(new StoredCheckpoint("j1", 4, "t1", 4, "t1", "p4"));
    }

    @Test
    void aPartNeverSharesItsBatchAndUnwantedPartsLeaveTheMarksRight() throws Exception {
        journal.transaction(ORDERS, 1);
        journal.part(OTHERS, 2, true, false);
        journal.part(ORDERS, 2, false, false);
        journal.part(OTHERS, 2, false, false);
        journal.part(ORDERS, 2, false, false);
        journal.part(OTHERS, 2, false, true);
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(true);
        rig(target).run().close();
        assertThat(target.handed)
                .extracting(b -> b.eventCount() + " " + b.startsTransaction() + " " + b.endsTransaction())
                .containsExactly("1 true true", "2 true false", "2 false false", "0 false true", "1 true true");
        assertThat(target.durable).hasSize(6);
    }

    @Test
    void aBigTransactionThatBreaksIsHandedOverFromItsStart() throws Exception {
        journal.transaction(ORDERS, 1);
        journal.part(ORDERS, 2, true, false);
        journal.part(ORDERS, 2, false, false);
        journal.part(ORDERS, 2, false, true);
        ScriptedTarget target = new ScriptedTarget(true);
        target.beforeWrite(NONE, NONE, NONE, down());
        try (DeliveryRig rig = rig(target).run()) {
            assertThat(target.ids()).hasSize(7).doesNotHaveDuplicates().isSorted();
            assertThat(target.handed).hasSize(7);
            assertThat(journal.holds).containsEntry("s", 4L);
            assertThat(rig.appliedEvents).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void retriesTheSameBatchForEverWithEqualJitter(boolean keepsCheckpoint) throws Exception {
        journal.transaction(ORDERS, 3);
        ScriptedTarget target = new ScriptedTarget(keepsCheckpoint);
        ScriptedTarget.Fault[] outage = new ScriptedTarget.Fault[30];
        java.util.Arrays.fill(outage, down());
        target.beforeWrite(outage);
        try (DeliveryRig rig = rig(target)) {
            rig.turn();
            journal.transaction(ORDERS, 1);
            assertThat(rig.status().state()).isEqualTo(PipelineState.RETRYING);
            assertThat(rig.status().lastError().code()).isEqualTo("T-DOWN");
            assertThat(rig.status().lagMicros()).isGreaterThanOrEqualTo(99_000_000L);
            rig.run();
            assertThat(rig.waits).hasSize(30);
            assertThat(rig.waits.get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
            assertThat(rig.waits.get(29)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
            assertThat(target.handed.subList(0, 31)).allMatch(b -> b.eventCount() == 3);
            assertThat(target.ids()).hasSize(4).doesNotHaveDuplicates().isSorted();
            assertThat(rig.states)
                    .containsExactly(PipelineState.RUNNING, PipelineState.RETRYING, PipelineState.RUNNING);
            assertThat(rig.retries).isEqualTo(30);
            assertThat(rig.status().lastError()).isNull();
            assertThat(target.closed).isEqualTo(30);
        }
    }

    @Test
    void waitsAsLongAsTheTargetAsksUpToFiveMinutesAndNeverLessThanTheBackoff() throws Exception {
        journal.transaction(ORDERS, 3);
        ScriptedTarget target = new ScriptedTarget(true);
        target.beforeWrite(busy(Duration.ofSeconds(7)), busy(Duration.ofHours(1)), busy(Duration.ofMillis(1)), down());
        try (DeliveryRig rig = rig(target).run()) {
            assertThat(rig.waits).hasSize(4);
            assertThat(rig.waits.subList(0, 2)).containsExactly(Duration.ofSeconds(7), Duration.ofMinutes(5));
            assertThat(rig.waits.get(2)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
            assertThat(rig.waits.get(3)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
            assertThat(target.ids()).hasSize(3).doesNotHaveDuplicates();
        }
    }

    @Test
    void aLostResponseIsNoSecondDeliveryWhereTheTargetKnows() throws Exception {
        journal.transaction(ORDERS, 3);
        ScriptedTarget target = new ScriptedTarget(true);
        target.afterWrite(down());
        try (DeliveryRig rig = rig(target).run()) {
            assertThat(target.handed).hasSize(1);
            assertThat(target.ids()).hasSize(3).doesNotHaveDuplicates();
            assertThat(rig.appliedEvents).isEqualTo(3);
            assertThat(rig.status().appliedSequence()).isEqualTo(1);
        }
    }

    @Test
    void aTargetPutBackFromACopyGetsTheRestAgain() throws Exception {
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(true);
        try (DeliveryRig rig = rig(target).run()) {
            Optional<dev.tailrace.sink.Checkpoint> older = target.checkpoint;
            journal.transaction(ORDERS, 1);
            rig.run();
            target.checkpoint = older;
            journal.transaction(ORDERS, 1);
            target.beforeWrite(down());
            rig.run();
            assertThat(target.ids()).hasSize(4).contains(target.ids().get(1));
            assertThat(target.ids().subList(2, 4)).isSorted();
        }
    }

    @Test
    void showsTheLagAlsoWhenTheTargetWasNeverReached() throws Exception {
        journal.transaction(ORDERS, 5);
        journal.transaction(ORDERS, 5);
        ScriptedTarget target = new ScriptedTarget(true);
        target.onOpen(down());
        try (DeliveryRig rig = rig(target)) {
            rig.turn();
            assertThat(rig.status().lagMicros()).isGreaterThanOrEqualTo(99_000_000L);
            assertThat(rig.status().pendingEvents()).isEqualTo(10);
            rig.run();
            assertThat(rig.status().lagMicros()).isZero();
            assertThat(rig.status().pendingEvents()).isZero();
        }
    }

    /** What had been read, and not handed over, when reading failed comes again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDefectWhileReadingLosesNothing(boolean keepsCheckpoint) throws Exception {
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(keepsCheckpoint);
        AtomicInteger defects = new AtomicInteger();
        try (DeliveryRig rig = breaking(target, defects)) {
            rig.run();
            journal.transaction(ORDERS, 1);
            journal.transaction(OTHERS, 1);
            journal.transaction(ORDERS, 1);
            defects.set(1);
            rig.run();
            rig.assertHalted("PIPELINE-BUG");
            rig.orders.resume();
            rig.run();
            assertThat(target.ids()).hasSize(3).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDefectWhileTheSinkIsAwayLosesNothing(boolean keepsCheckpoint) throws Exception {
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(keepsCheckpoint);
        AtomicInteger defects = new AtomicInteger();
        try (DeliveryRig rig = breaking(target, defects)) {
            rig.run();
            rig.orders.pause();
            rig.run();
            journal.transaction(ORDERS, 1);
            journal.transaction(OTHERS, 1);
            journal.transaction(ORDERS, 1);
            ScriptedTarget.Fault downAndBreaks = () -> {
                defects.set(1); // of the look at what waits
                down().run();
            };
            target.onOpen(downAndBreaks, down());
            rig.orders.resume();
            rig.run();
            assertThat(defects).hasNonPositiveValue();
            assertThat(rig.retries).isEqualTo(2);
            assertThat(target.ids()).hasSize(3).doesNotHaveDuplicates();
        }
    }

    /** A sink of orders whose reading fails so many times where others changed. */
    private DeliveryRig breaking(ScriptedTarget target, AtomicInteger defects) {
        Predicate<TableId> tables = table -> {
            if (table.equals(OTHERS) && defects.getAndDecrement() > 0) {
                throw new IllegalStateException("a defect");
            }
            return table.equals(ORDERS);
        };
        return new DeliveryRig(
                journal, target, tables, directory, RejectSettings.DEFAULT, PipelineSettings.of("s", "jdbc"));
    }

    @Test
    void aRejectedBatchHaltsKeepsItsHoldAndGoesOnWhenResumed() throws Exception {
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(true);
        try (DeliveryRig rig = rig(target).run()) {
            journal.transaction(ORDERS, 1);
            target.beforeWrite(rejected());
            rig.run().assertHalted("T-REJECT");
            assertThat(rig.status().lastError().remedy()).isEqualTo("mend it");
            journal.transaction(ORDERS, 1);
            rig.run().assertHalted("T-REJECT");
            assertThat(journal.holds).containsEntry("s", 1L);
            assertThat(rig.status().lagMicros()).isPositive();
            rig.orders.resume();
            rig.turn();
            rig.run();
            assertThat(rig.status().state()).isEqualTo(PipelineState.RUNNING);
            assertThat(target.ids()).hasSize(3).doesNotHaveDuplicates().isSorted();
        }
    }

    @Test
    void anErrorWithoutARuleIsTriedAFewTimesThenHalts() throws Exception {
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(true);
        target.beforeWrite(unknown(), unknown(), unknown(), unknown(), unknown());
        try (DeliveryRig rig = rig(target).run()) {
            assertThat(rig.status().state()).isEqualTo(PipelineState.RUNNING);
            journal.transaction(ORDERS, 1);
            target.beforeWrite(unknown(), unknown(), unknown(), unknown(), unknown(), unknown());
            rig.run().assertHalted("T-ODD");
            rig.orders.resume();
            rig.turn();
            rig.run();
            assertThat(target.ids()).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Test
    void aDefectInTheSinkHaltsAndOutOfMemoryPassesUp() throws Exception {
        journal.transaction(ORDERS, 1);
        ScriptedTarget target = new ScriptedTarget(true);
        target.beforeWrite(
                () -> {
                    throw new IllegalStateException("bug");
                },
                () -> {
                    throw new OutOfMemoryError("heap");
                });
        try (DeliveryRig rig = rig(target).run()) {
            rig.assertHalted("PIPELINE-BUG");
            rig.orders.resume();
            rig.turn();
            org.assertj.core.api.Assertions.assertThatThrownBy(rig::run).isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void haltsOnWhatAnOperatorMustMend() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        target.onOpen(halted());
        try (DeliveryRig rig = rig(target).run()) {
            rig.assertHalted("T-RIGHTS");
            assertThat(target.closed).isEqualTo(1);
        }
    }

    @Test
    void pausesWithoutAnOpenTargetTransaction() throws Exception {
        journal.part(ORDERS, 1, true, false);
        ScriptedTarget target = new ScriptedTarget(true);
        try (DeliveryRig rig = rig(target)) {
            rig.turn();
            rig.orders.pause();
            journal.part(ORDERS, 1, false, true);
            rig.run();
            assertThat(rig.status().state()).isEqualTo(PipelineState.PAUSED);
            assertThat(target.closed).isEqualTo(1);
            assertThat(target.durable).isEmpty();
            assertThat(rig.status().pendingEvents()).isGreaterThan(0);
            rig.orders.resume();
            rig.run();
            assertThat(target.ids()).hasSize(2).doesNotHaveDuplicates().isSorted();
            assertThat(rig.states).containsExactly(PipelineState.RUNNING, PipelineState.PAUSED, PipelineState.RUNNING);
        }
    }
}
