package dev.tailrace.pipeline;

import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static dev.tailrace.pipeline.MemoryJournal.OTHERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.sink.HeldTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table waits, the others go on, the journal keeps what waits, and every change is written once. */
class HeldDeliveryTest {
    @TempDir
    Path directory;

    private final MemoryJournal journal = new MemoryJournal("j1");
    private final HoldingTarget target = new HoldingTarget(ORDERS);

    private DeliveryRig rig() {
        PipelineSettings settings = DeliveryRig.batchesOf(10);
        return new DeliveryRig(
                journal,
                target,
                table -> true,
                directory,
                new RejectSettings(RejectSettings.Policy.HALT, 100, 1_000, false),
                settings);
    }

    @Test
    void theOthersGoOnAndTheJournalKeepsWhatWaits() throws Exception {
        journal.transaction(ORDERS, 1);
        try (DeliveryRig rig = rig().run()) {
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(journal.holds).containsEntry("s", 1L);
            journal.transaction(OTHERS, 10);
            target.holdFrom(3);
            journal.transaction(ORDERS, 10);
            journal.transaction(OTHERS, 10);
            for (int i = 0; i < 3; i++) {
                rig.pass(Duration.ofSeconds(2));
                journal.offset();
                rig.run();
            }
            assertThat(target.ids(OTHERS)).hasSize(20);
            assertThat(target.ids(ORDERS)).hasSize(1);
            assertThat(rig.status().held()).extracting(HeldTable::after).containsExactly(2L);
            assertThat(rig.appliedEvents).as("what waits is not applied").isEqualTo(21);
            assertThat(journal.holds).as("from the first waiting frame on").containsEntry("s", 2L);
        }
        assertThat(journal.holds).as("a stop stores nothing further on").containsEntry("s", 2L);
        target.openFaults.add(true);
        try (DeliveryRig restarted = rig()) {
            assertThat(restarted.status().state()).isEqualTo(PipelineState.STARTING);
            restarted.turn();
            assertThat(restarted.status().state()).isEqualTo(PipelineState.RETRYING);
            assertThat(restarted.status().held()).as("the target alone knows").isNull();
            assertThat(journal.holds.get("s"))
                    .as("before the target was reached")
                    .isLessThanOrEqualTo(2L);
            journal.deleteBefore(3);
            restarted.orders.approve(ORDERS);
            restarted.run();
            restarted.pass(Duration.ofSeconds(2));
            restarted.run();
            assertThat(restarted.status().held()).isEmpty();
            assertThat(target.ids(ORDERS)).hasSize(11).doesNotHaveDuplicates().isSorted();
            assertThat(journal.holds).containsEntry("s", journal.end());
        }
    }

    @Test
    void itTakesTurnsWithTheOthers() throws Exception {
        target.holdFrom(1);
        for (int i = 0; i < 20; i++) {
            journal.transaction(ORDERS, 10);
        }
        try (DeliveryRig rig = rig().run()) {
            for (int i = 0; i < 20; i++) {
                journal.transaction(OTHERS, 10);
            }
            rig.orders.approve(ORDERS);
            rig.turn();
            rig.turn();
            rig.turn();
            rig.turn();
            assertThat(target.ids(OTHERS)).hasSizeBetween(20, 40);
            assertThat(target.ids(ORDERS)).hasSizeBetween(20, 40);
            rig.run();
            assertThat(target.ids(ORDERS)).hasSize(200).doesNotHaveDuplicates().isSorted();
            assertThat(target.ids(OTHERS)).hasSize(200).doesNotHaveDuplicates().isSorted();
        }
    }

    /** A row that refers to one that waits. */
    @Test
    void whatIsRefusedForWantOfAWaitingRowIsWrittenBehindIt() throws Exception {
        target.holdFrom(1);
        for (int i = 0; i < 5; i++) {
            journal.transaction(ORDERS, 10);
        }
        try (DeliveryRig rig = rig().run()) {
            target.refusesWhileHeld();
            journal.transaction(OTHERS, 1);
            rig.run().assertHalted("T-REFERS");
            assertThat(target.ids(OTHERS)).isEmpty();
            rig.orders.approve(ORDERS);
            rig.run();
            assertThat(target.ids(ORDERS)).hasSize(50).doesNotHaveDuplicates().isSorted();
            assertThat(target.ids(OTHERS)).hasSize(1);
        }
    }

    /** Transactions, large ones among them, failures before and after every call, deaths, approvals: in any order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyChangeOnceAndInOrderWhateverFails(int seed) throws Exception {
        Random random = new Random(seed);
        DeliveryRig rig = rig();
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(16)) {
                case 0, 1 -> journal.transaction(random.nextBoolean() ? ORDERS : OTHERS, 1 + random.nextInt(12));
                case 2 -> {
                    int parts = 2 + random.nextInt(3);
                    for (int part = 0; part < parts; part++) {
                        journal.part(
                                random.nextBoolean() ? ORDERS : OTHERS,
                                1 + random.nextInt(5),
                                part == 0,
                                part == parts - 1);
                    }
                }
                case 3 -> target.holdFrom(journal.end());
                case 4 -> rig.orders.approve(ORDERS);
                case 5 -> target.faults.add(random.nextBoolean());
                case 6 -> {
                    // Dies without storing anything; what it had in mind is gone.
                    rig = rig();
                }
                default -> {
                    rig.pass(Duration.ofMillis(700));
                    rig.turn();
                }
            }
            if (target.held().isPresent()) {
                long pinned = journal.holds.get("s");
                assertThat(pinned).isLessThanOrEqualTo(target.held().get().after());
            }
        }
        target.faults.clear();
        target.holdFrom(Long.MAX_VALUE);
        rig.run();
        rig.orders.approve(ORDERS);
        rig.run();
        assertThat(target.held()).isEmpty();
        for (var table : List.of(ORDERS, OTHERS)) {
            assertThat(target.ids(table))
                    .as("%s, seed %d", table, seed)
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
        assertThat(target.durable).as("seed %d", seed).hasSize(journal.events());
        rig.close();
    }
}
