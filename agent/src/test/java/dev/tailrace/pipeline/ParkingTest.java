package dev.tailrace.pipeline;

import static dev.tailrace.event.Operation.DELETE;
import static dev.tailrace.event.Operation.INSERT;
import static dev.tailrace.event.Operation.TRUNCATE;
import static dev.tailrace.event.Operation.UPDATE;
import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static dev.tailrace.pipeline.MemoryJournal.OTHERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.DataSize;
import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.pipeline.RejectSettings.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that a target refuses, and all later ones of their rows: set aside in order, and written in order later. */
class ParkingTest {
    @TempDir
    Path directory;

    private final MemoryJournal journal = new MemoryJournal("j1");

    private DeliveryRig rig(ScriptedTarget target) {
        return rig(target, RejectSettings.DEFAULT);
    }

    private DeliveryRig rig(ScriptedTarget target, RejectSettings rejects) {
        PipelineSettings settings = new PipelineSettings(
                "s",
                "jdbc",
                10,
                DataSize.ofMebibytes(4),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofMillis(200));
        return new DeliveryRig(journal, target, table -> true, directory, rejects, settings);
    }

    private ChangeEvent insert(long key) {
        return journal.change(INSERT, ORDERS, null, key);
    }

    private ChangeEvent update(long key) {
        return journal.change(UPDATE, ORDERS, null, key);
    }

    private ChangeEvent move(long from, long to) {
        return journal.change(UPDATE, ORDERS, from, to);
    }

    private static List<String> ids(ChangeEvent... events) {
        return List.of(events).stream().map(e -> e.id().text()).toList();
    }

    private static void refuse(ScriptedTarget target, ChangeEvent... poison) {
        List<String> ids = ids(poison);
        target.refuses = event -> ids.contains(event.id().text());
    }

    /** Long enough for the automatic attempts, one round each. */
    private static void waitOutTheTries(DeliveryRig rig) throws Exception {
        for (int i = 0; i < 10; i++) {
            rig.pass(Duration.ofSeconds(60));
            rig.run();
        }
    }

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

    /** A target down at every step, agents that end at every step, and keys that move about: compared with a plain run. */
    @Test
    void theOrderOfEveryRowSurvivesWhateverHappens() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            Path own = Files.createDirectories(directory.resolve("seed" + seed));
            SplittableRandom random = new SplittableRandom(seed);
            MemoryJournal ours = new MemoryJournal("j" + seed);
            ScriptedTarget target = new ScriptedTarget(true);
            List<ChangeEvent> all = new ArrayList<>();
            boolean[] mended = {false};
            target.refuses = event -> !mended[0] && Long.parseLong(lastDigits(event)) % 17 == 3;
            for (int round = 0; round < 12; round++) {
                for (int t = random.nextInt(4); t >= 0; t--) {
                    append(ours, random, all);
                }
                for (int fault = random.nextInt(3); fault > 0; fault--) {
                    target.beforeWrite(ScriptedTarget.down());
                    target.afterRedrive(random.nextBoolean() ? ScriptedTarget.down() : ScriptedTarget.NONE);
                }
                PipelineSettings settings = PipelineSettings.of("s", "jdbc");
                try (DeliveryRig rig = new DeliveryRig(
                        ours,
                        target,
                        table -> true,
                        own,
                        new RejectSettings(Policy.PARK, 10_000, 100_000, false),
                        settings)) {
                    for (int turn = random.nextInt(20); turn > 0; turn--) {
                        rig.turn();
                        rig.pass(Duration.ofSeconds(random.nextInt(3)));
                    }
                    mended[0] |= round == 11;
                    if (round == 11) {
                        retryAll(own);
                        waitOutTheTries(rig);
                        rig.run();
                    }
                }
            }
            assertThat(target.ids()).as("seed %d: each once", seed).doesNotHaveDuplicates();
            assertThat(target.ids()).as("seed %d: none lost", seed).hasSameSizeAs(all);
            for (long key = 0; key < 6; key++) {
                long wanted = key;
                assertThat(target.durable.stream()
                                .filter(e -> touches(e, wanted))
                                .map(e -> e.id().text()))
                        .as("seed %d key %d", seed, key)
                        .isSorted();
            }
        }
    }

    private static String lastDigits(ChangeEvent event) {
        return Long.toString(event.position().offset());
    }

    private static boolean touches(ChangeEvent event, long key) {
        return event.operation() == TRUNCATE
                || event.image().value(0).equals(key)
                || (event.before() != null && event.before().value(0).equals(key));
    }

    private static void append(MemoryJournal journal, SplittableRandom random, List<ChangeEvent> all) {
        List<ChangeEvent> changes = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            long key = random.nextInt(6);
            int kind = random.nextInt(20);
            Operation operation = kind == 0 ? TRUNCATE : kind < 4 ? DELETE : kind < 12 ? INSERT : UPDATE;
            Long from = operation == UPDATE && random.nextInt(3) == 0 ? (Long) (long) random.nextInt(6) : null;
            changes.add(journal.change(operation, ORDERS, from, operation == TRUNCATE ? null : key));
        }
        all.addAll(changes);
        if (changes.size() > 1 && random.nextBoolean()) {
            journal.partOf(true, false, changes.get(0));
            journal.partOf(false, true, changes.subList(1, changes.size()).toArray(ChangeEvent[]::new));
        } else {
            journal.transactionOf(changes.toArray(ChangeEvent[]::new));
        }
    }

    /** As an operator does beside the agent. */
    private static void retryAll(Path own) throws Exception {
        Path file = own.resolve("dead-letters.db");
        if (Files.exists(file)) {
            try (java.sql.Connection connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                    java.sql.Statement statement = connection.createStatement()) {
                statement.execute("UPDATE lane SET state = 'due' WHERE state = 'dead'");
            }
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
}
