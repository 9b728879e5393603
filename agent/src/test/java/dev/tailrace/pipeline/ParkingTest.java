package dev.tailrace.pipeline;

import static dev.tailrace.event.Operation.DELETE;
import static dev.tailrace.event.Operation.TRUNCATE;
import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static dev.tailrace.pipeline.MemoryJournal.OTHERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.event.ChangeEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that a target refuses, and all later ones of their rows: set aside in order, and written in order later. */
class ParkingTest extends ParkingCase {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everythingElseGoesOnAndTheRowsLaterChangesWaitInOrder(boolean keeps) throws Exception {
        ScriptedTarget target = new ScriptedTarget(keeps);
        ChangeEvent poison = insert(1);
        ChangeEvent other = insert(2);
        ChangeEvent second = update(1);
        ChangeEvent third = journal.change(DELETE, ORDERS, null, 1L);
        ChangeEvent last = update(2);
        refuse(target, poison);
        journal.transactionOf(poison, other);
        try (DeliveryRig rig = rig(target).run()) {
            journal.transactionOf(second);
            journal.transactionOf(third, last);
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(other, last));
            assertThat(rig.status().state()).isEqualTo(PipelineState.RUNNING);
            assertThat(rig.status().deadLetters().dead()).isZero();
            assertThat(rig.status().deadLetters().parkedRows()).isEqualTo(1);
            assertThat(rig.status().deadLetters().letters()).isEqualTo(3);
            assertThat(rig.status().appliedSequence()).isEqualTo(journal.end());
            assertThat(rig.appliedEvents).isEqualTo(2);
            waitOutTheTries(rig);
            assertThat(rig.status().deadLetters().dead()).isEqualTo(1);
            assertThat(target.ids()).hasSize(2);
        }
        try (DeliveryRig restarted = rig(target).run()) {
            assertThat(restarted.status().deadLetters().dead()).isEqualTo(1);
            ChangeEvent again = insert(1);
            journal.transactionOf(again);
            restarted.run();
            assertThat(target.ids()).as("the row stays parked over a restart").hasSize(2);
        }
    }

    @Test
    void itIsTriedAgainByItselfFiveTimesWithLongerAndLongerWaits() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        refuse(target, poison);
        journal.transactionOf(poison);
        try (DeliveryRig rig = rig(target).run()) {
            List<Integer> secondsAtTries = new ArrayList<>();
            for (int second = 1; second <= 120; second++) {
                rig.pass(Duration.ofSeconds(1));
                rig.run();
                while (secondsAtTries.size() < target.redriven.size()) {
                    secondsAtTries.add(second);
                }
            }
            assertThat(secondsAtTries).hasSize(Parking.TRIES);
            assertThat(secondsAtTries.get(4))
                    .as("31 s, with jitter and whole seconds")
                    .isBetween(16, 40);
            assertThat(rig.status().deadLetters().dead()).isEqualTo(1);
            assertThat(rig.status().deadLetters().everDead()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsTakenAtASecondTryGoesOnWithItsLaterChanges(boolean keeps) throws Exception {
        ScriptedTarget target = new ScriptedTarget(keeps);
        ChangeEvent child = insert(1);
        ChangeEvent later = update(1);
        refuse(target, child);
        journal.transactionOf(child);
        journal.transactionOf(later);
        try (DeliveryRig rig = rig(target).run()) {
            target.refuses = event -> false;
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(child, later));
            assertThat(rig.status().deadLetters().parkedRows()).isZero();
            ChangeEvent fresh = update(1);
            journal.transactionOf(fresh);
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(child, later, fresh));
            assertThat(rig.appliedEvents).isEqualTo(3);
            assertThat(rig.status().deadLetters().everDead()).isZero();
        }
    }

    @Test
    void earlierChangesOfTheRowInTheSameBatchStayInFrontOfIt() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent first = insert(1);
        ChangeEvent poison = update(1);
        refuse(target, poison);
        journal.transactionOf(first, insert(2));
        journal.transactionOf(poison);
        try (DeliveryRig rig = rig(target).run()) {
            target.refuses = event -> false;
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids()).hasSize(3).endsWith(ids(first, poison).toArray(String[]::new));
        }
    }

    @Test
    void aChangeOfTheKeyTakesTheNewKeyAlong() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        ChangeEvent move = move(1, 7);
        ChangeEvent behind = update(7);
        ChangeEvent free = update(8);
        refuse(target, poison);
        journal.transactionOf(poison);
        journal.transactionOf(move);
        journal.transactionOf(behind, free);
        try (DeliveryRig rig = rig(target).run()) {
            assertThat(target.ids()).containsExactlyElementsOf(ids(free));
            assertThat(rig.status().deadLetters().parkedRows()).isEqualTo(2);
            target.refuses = event -> false;
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(free, poison, move, behind));
        }
    }

    @Test
    void aTruncationWaitsForTheParkedRowsAndTheWholeTableForIt() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        ChangeEvent truncation = journal.change(TRUNCATE, ORDERS, null, null);
        ChangeEvent after = insert(2);
        refuse(target, poison);
        journal.transactionOf(poison);
        journal.transactionOf(truncation);
        journal.transactionOf(after);
        journal.transaction(OTHERS, 1);
        try (DeliveryRig rig = rig(target).run()) {
            assertThat(target.ids()).as("another table goes on").hasSize(1);
            target.refuses = event -> false;
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids())
                    .hasSize(4)
                    .endsWith(ids(poison, truncation, after).toArray(String[]::new));
        }
    }

    @Test
    void aSnapshotThatStartsOverForgetsWhatWaited() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        refuse(target, poison);
        journal.transactionOf(poison);
        try (DeliveryRig rig = rig(target).run()) {
            ChangeEvent emptied =
                    ChangeEvent.ofSnapshot(TRUNCATE, MemoryJournal.schema(ORDERS), poison.position(), 2, 0, null);
            ChangeEvent anew = insert(1);
            journal.transactionOf(emptied);
            journal.transactionOf(anew);
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(emptied, anew));
            assertThat(rig.status().deadLetters().parkedRows()).isZero();
            assertThat(rig.status().deadLetters().letters()).isZero();
        }
    }

    @Test
    void aChangeBehindThePoisonThatIsRefusedLaterKeepsWhatStandsBeforeIt() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        ChangeEvent fine = update(1);
        ChangeEvent second = update(1);
        refuse(target, poison);
        journal.transactionOf(poison);
        journal.transactionOf(fine);
        journal.transactionOf(second);
        try (DeliveryRig rig = rig(target).run()) {
            refuse(target, second);
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(poison, fine));
            assertThat(rig.status().deadLetters().letters()).isEqualTo(1);
            target.refuses = event -> false;
            waitOutTheTries(rig);
            assertThat(target.ids()).containsExactlyElementsOf(ids(poison, fine, second));
        }
    }

    @Test
    void aRefusalInsideOfALargeTransactionIsTakenOutOfAllItsParts() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent first = insert(1);
        ChangeEvent poison = update(1);
        ChangeEvent last = update(1);
        refuse(target, poison);
        journal.partOf(true, false, first, insert(2));
        journal.partOf(false, false, poison, insert(3));
        journal.partOf(false, true, last, insert(4));
        try (DeliveryRig rig = rig(target).run()) {
            assertThat(target.ids()).hasSize(3);
            assertThat(rig.status().deadLetters().letters()).isEqualTo(3);
            target.refuses = event -> false;
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids())
                    .hasSize(6)
                    .endsWith(ids(first, poison, last).toArray(String[]::new));
        }
    }

    @Test
    void anAttemptWhoseAnswerWasLostIsNotMadeTwice() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        refuse(target, poison);
        journal.transactionOf(poison);
        try (DeliveryRig rig = rig(target).run()) {
            target.refuses = event -> false;
            target.afterRedrive(ScriptedTarget.down());
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(poison));
            assertThat(rig.status().deadLetters().letters()).isZero();
        }
    }

    @Test
    void aFileThatCannotBeWrittenStopsTheBatchAndLosesNothing() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        refuse(target, poison);
        Files.createDirectory(directory.resolve("dead-letters.db"));
        journal.transactionOf(poison, insert(2));
        try (DeliveryRig rig = rig(target)) {
            rig.turn();
            rig.turn();
            assertThat(rig.status().state()).isEqualTo(PipelineState.RETRYING);
            assertThat(rig.status().lastError().code()).isEqualTo("DEAD-LETTERS-IO");
            assertThat(target.durable).isEmpty();
            Files.delete(directory.resolve("dead-letters.db"));
            rig.run();
            assertThat(target.ids()).hasSize(1);
            assertThat(rig.status().deadLetters().letters()).isEqualTo(1);
        }
    }

    @Test
    void theFileIsForItsOwnerAlone() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent poison = insert(1);
        refuse(target, poison);
        journal.transactionOf(poison);
        try (DeliveryRig rig = rig(target).run();
                java.util.stream.Stream<Path> files = Files.list(directory)) {
            assertThat(rig.status().deadLetters().letters()).isEqualTo(1);
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("dead-letters.db")))
                    .hasSizeGreaterThan(1)
                    .allSatisfy(f -> assertThat(Files.getPosixFilePermissions(f))
                            .isEqualTo(java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        }
        assertThat(DeadLetterLog.file(directory, "s").toString()).endsWith("dead-letters/s.db");
    }

    /** In one batch with the truncation that it begins with, which must not make the refusal forgotten. */
    @Test
    void aRefusedRowOfASnapshotThatStartsOverIsParkedOnce() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent before = insert(2);
        ChangeEvent poison = insert(1);
        refuse(target, poison);
        ChangeEvent emptied = emptied(before);
        journal.transactionOf(before);
        journal.transactionOf(emptied);
        journal.transactionOf(poison);
        try (DeliveryRig rig = rig(target).run()) {
            assertThat(target.ids()).containsExactlyElementsOf(ids(before, emptied));
            assertThat(rig.status().deadLetters().parkedRows()).isEqualTo(1);
            assertThat(rig.status().deadLetters().letters()).isEqualTo(1);
        }
    }

    /** The refusal outlives that the row had been parked, for want of knowing better, by a later change of the batch. */
    @Test
    void aRefusedRowToWhichAParkedOneMovesInTheSameBatchIsParkedOnce() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        ChangeEvent first = insert(1);
        ChangeEvent second = insert(2);
        ChangeEvent moved = move(1, 2);
        refuse(target, first, second);
        journal.transactionOf(first);
        try (DeliveryRig rig = rig(target).run()) {
            ChangeEvent other = insert(3);
            journal.transactionOf(second, moved, other);
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(other));
            assertThat(rig.status().deadLetters().parkedRows()).isEqualTo(2);
            assertThat(rig.status().deadLetters().letters()).isEqualTo(3);
            target.refuses = event -> false;
            rig.pass(Duration.ofSeconds(2));
            rig.run();
            assertThat(target.ids()).containsExactlyElementsOf(ids(other, first, second, moved));
        }
    }
}
