package dev.tailrace.pipeline;

import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.pipeline.RejectSettings.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an operator may choose of it. */
class ParkingPolicyTest extends ParkingCase {
    @Test
    void aWholeImageTakesThePlaceOfWhatWaitsWhenThatIsWanted() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        ChangeEvent mended = update(1);
        ChangeEvent behind = update(1);
        refuse(target, poison);
        journal.transactionOf(poison);
        try (DeliveryRig rig =
                rig(target, new RejectSettings(Policy.PARK, 100, 100, true)).run()) {
            waitOutTheTries(rig);
            assertThat(rig.status().deadLetters().dead()).isEqualTo(1);
            journal.transactionOf(mended);
            rig.run();
            assertThat(target.ids()).as("the letter is not asked for").containsExactlyElementsOf(ids(mended));
            assertThat(rig.status().deadLetters().parkedRows()).isZero();
            journal.transactionOf(behind);
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(mended, behind));
        }
    }

    @Test
    void aRowThatTwoKeysNameIsNotSuperseded() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        ChangeEvent move = move(1, 7);
        ChangeEvent image = update(7);
        refuse(target, poison);
        journal.transactionOf(poison);
        journal.transactionOf(move);
        journal.transactionOf(image);
        try (DeliveryRig rig =
                rig(target, new RejectSettings(Policy.PARK, 100, 100, true)).run()) {
            assertThat(rig.status().deadLetters().letters()).isEqualTo(3);
            target.refuses = event -> false;
            waitOutTheTries(rig);
            assertThat(target.ids()).containsExactlyElementsOf(ids(poison, move, image));
        }
    }

    @Test
    void itHaltsWhenTooManyWaitAndGoesOnWhenTheyAreLess() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        refuse(target, poison);
        journal.transactionOf(poison);
        try (DeliveryRig rig =
                rig(target, new RejectSettings(Policy.PARK, 100, 3, false)).run()) {
            for (int i = 0; i < 5; i++) {
                journal.transactionOf(update(1));
                rig.run();
            }
            journal.transactionOf(insert(2));
            rig.run();
            assertThat(rig.status().state()).isEqualTo(PipelineState.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("PIPELINE-REJECTS-FULL");
            assertThat(rig.status().deadLetters().letters()).isEqualTo(3);
            target.refuses = event -> false;
            rig.pass(Duration.ofSeconds(2));
            rig.orders.resume();
            rig.run();
            assertThat(rig.status().state()).isEqualTo(PipelineState.RUNNING);
            assertThat(target.ids()).as("all, and each once").hasSize(7).doesNotHaveDuplicates();
        }
    }

    @Test
    void theWholeTransactionIsSetAsideWherePolicySaysSo() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        ChangeEvent companion = insert(2);
        ChangeEvent behind = update(2);
        refuse(target, poison);
        journal.transactionOf(poison, companion);
        journal.transactionOf(behind, insert(3));
        try (DeliveryRig rig = rig(target, new RejectSettings(Policy.PARK_TRANSACTION, 100, 100_000, false))
                .run()) {
            assertThat(target.ids()).hasSize(1);
            target.refuses = event -> false;
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids())
                    .hasSize(4)
                    .endsWith(ids(poison, companion, behind).toArray(String[]::new));
            assertThat(target.redriven.get(target.redriven.size() - 1).transactions())
                    .as("the source's transactions")
                    .hasSize(2);
        }
    }

    @Test
    void aTargetThatRefusesTooMuchIsNoBadRecord() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        target.refuses = event -> event.table().equals(ORDERS);
        for (int i = 0; i < 30; i++) {
            journal.transactionOf(insert(i));
        }
        try (DeliveryRig rig =
                rig(target, new RejectSettings(Policy.PARK, 20, 100_000, false)).run()) {
            rig.assertHalted("PIPELINE-REJECTS");
            assertThat(rig.status().deadLetters().parkedRows()).isEqualTo(20);
            target.refuses = event -> false;
            rig.orders.resume();
            rig.turn();
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids()).hasSize(30).doesNotHaveDuplicates();
        }
    }

    @Test
    void nothingIsSetAsideWherePolicyHaltsNorWhatNobodyCanName() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        refuse(target, poison);
        journal.transactionOf(poison, insert(2));
        try (DeliveryRig rig = rig(target, new RejectSettings(Policy.HALT, 100, 100_000, false))
                .run()) {
            rig.assertHalted("T-REJECT");
        }
        ScriptedTarget silent = new ScriptedTarget(true);
        silent.beforeWrite(ScriptedTarget.rejected());
        try (DeliveryRig rig = rig(silent).run()) {
            rig.assertHalted("T-REJECT");
        }
        assertThat(Files.exists(directory.resolve("dead-letters.db"))).isFalse();
    }

    @Test
    void aSingleChangeAtWhichTheTargetFailsIsSetAsideAndDeadOnlyWhenOthersPass() throws Exception {
        ScriptedTarget target = new ScriptedTarget(false);
        ChangeEvent poison = insert(1);
        target.fails = event -> event.equals(poison);
        journal.transactionOf(poison);
        try (DeliveryRig rig = rig(target)) {
            for (int i = 0; i < 60; i++) {
                rig.turn();
            }
            assertThat(rig.status().deadLetters().letters()).isEqualTo(1);
            assertThat(rig.status().deadLetters().dead())
                    .as("the target may be to blame")
                    .isZero();
            for (int i = 2; i < 12; i++) {
                journal.transactionOf(insert(i));
                for (int turn = 0; turn < 10; turn++) {
                    rig.pass(Duration.ofSeconds(10));
                    rig.turn();
                }
            }
            assertThat(target.ids()).hasSize(10);
            assertThat(rig.status().deadLetters().dead()).isEqualTo(1);
        }
    }

    /** The others were taken when it was refused first, and do not come again: nobody else could show that it is to blame. */
    @Test
    void whatIsLeftOfABatchIsSetAsideThoughThatFailedAtFirst() throws Exception {
        ScriptedTarget target = new ScriptedTarget(false);
        ChangeEvent poison = insert(1);
        target.fails = event -> event.equals(poison);
        journal.transactionOf(poison, insert(2), insert(3));
        Path obstacle = directory.resolve("dead-letters.db");
        target.beforeWrite(() -> assertThat(obstacle.toFile().mkdir()).isTrue());
        try (DeliveryRig rig = rig(target)) {
            rig.turn();
            assertThat(rig.status().lastError().code()).isEqualTo("DEAD-LETTERS-IO");
            Files.delete(obstacle);
            for (int i = 0; i < 60; i++) {
                rig.turn();
            }
            assertThat(rig.status().deadLetters().letters()).isEqualTo(1);
            assertThat(target.ids()).hasSize(2);
        }
    }

    @Test
    void anOutageMakesNoDeadLetters() throws Exception {
        ScriptedTarget target = new ScriptedTarget(false);
        boolean[] outage = {true};
        target.fails = event -> outage[0];
        ChangeEvent first = insert(1);
        ChangeEvent second = update(1);
        journal.transactionOf(first);
        try (DeliveryRig rig = rig(target)) {
            for (int i = 0; i < 100; i++) {
                rig.turn();
                if (i == 20) {
                    journal.transactionOf(second);
                    journal.transactionOf(insert(2), insert(3));
                }
            }
            assertThat(rig.status().deadLetters().everDead()).isZero();
            assertThat(target.ids()).isEmpty();
            outage[0] = false;
            waitOutTheTries(rig);
            assertThat(rig.status().deadLetters().letters()).isZero();
            assertThat(target.ids()).hasSize(4).doesNotHaveDuplicates().containsSubsequence(ids(first, second));
        }
    }

    /** No row that comes behind it could be right without it. */
    @Test
    void theBeginningOfASnapshotIsNeverSetAside() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent before = insert(1);
        ChangeEvent emptied = emptied(before);
        refuse(target, emptied);
        journal.transactionOf(before);
        journal.transactionOf(emptied);
        try (DeliveryRig rig = rig(target).run()) {
            rig.assertHalted("T-REJECT");
            assertThat(target.handed)
                    .as("asked for once together and once alone")
                    .hasSizeLessThan(4);
            target.refuses = event -> false;
            rig.orders.resume();
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(before, emptied));
        }
    }

    @Test
    void theBeginningOfASnapshotIsTriedForAsLongAsTheTargetFails() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent emptied = emptied(insert(1));
        boolean[] fails = {true};
        target.fails = event -> fails[0] && event.isSnapshot();
        journal.transactionOf(emptied);
        try (DeliveryRig rig = rig(target)) {
            for (int i = 0; i < 3 * Parking.TRIES; i++) {
                rig.turn();
            }
            assertThat(rig.status().state()).isEqualTo(PipelineState.RETRYING);
            fails[0] = false;
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(emptied));
        }
    }
}
