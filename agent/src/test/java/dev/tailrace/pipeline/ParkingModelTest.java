package dev.tailrace.pipeline;

import static dev.tailrace.event.Operation.DELETE;
import static dev.tailrace.event.Operation.INSERT;
import static dev.tailrace.event.Operation.READ;
import static dev.tailrace.event.Operation.TRUNCATE;
import static dev.tailrace.event.Operation.UPDATE;
import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

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

/** Whatever happens, compared with a plain run. */
class ParkingModelTest extends ParkingCase {
    /** A target down at every step, agents that end at every step, and keys that move about: compared with a plain run. */
    @Test
    void theOrderOfEveryRowSurvivesWhateverHappens() throws Exception {
        for (int seed = 0; seed < 100; seed++) {
            Path own = Files.createDirectories(directory.resolve("seed" + seed));
            SplittableRandom random = new SplittableRandom(seed);
            MemoryJournal ours = new MemoryJournal("j" + seed);
            ScriptedTarget target = new ScriptedTarget(true);
            List<ChangeEvent> all = new ArrayList<>();
            boolean[] mended = {false};
            target.refuses = event -> !mended[0]
                    && event.position().offset() % 17 == 3
                    && !(event.isSnapshot() && event.operation() == TRUNCATE); // halts, see ParkingPolicyTest
            for (int round = 0; round < 12; round++) {
                for (int t = random.nextInt(4); t >= 0; t--) {
                    append(ours, random, all);
                    if (seed >= 60 && random.nextInt(12) == 0) {
                        startOver(ours, all);
                    }
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
                    if (round == 11) {
                        rig.run(); // comes to rest, whatever is refused
                        mended[0] = true;
                        retryAll(own);
                        waitOutTheTries(rig);
                        rig.run();
                    }
                }
            }
            assertThat(target.ids()).as("seed %d: each once", seed).doesNotHaveDuplicates();
            assertThat(target.ids())
                    .as("seed %d: none lost but what a snapshot that starts over makes unwanted", seed)
                    .containsAll(wanted(all));
            for (long key = 0; key < 6; key++) {
                long wanted = key;
                assertThat(target.durable.stream()
                                .filter(e -> touches(e, wanted))
                                .map(e -> e.position().offset()))
                        .as("seed %d key %d", seed, key)
                        .isSorted();
            }
        }
    }

    /** What the target has to have been given: all from the last start of a snapshot on. */
    private static List<String> wanted(List<ChangeEvent> all) {
        int from = all.size() - 1;
        while (from > 0 && !all.get(from).isSnapshot()) {
            from--;
        }
        return all.subList(Math.max(0, from), all.size()).stream()
                .map(e -> e.id().text())
                .toList();
    }

    /** The table is emptied and a few of its rows come anew, each in a frame of its own. */
    private static void startOver(MemoryJournal journal, List<ChangeEvent> all) {
        List<ChangeEvent> changes = new ArrayList<>();
        changes.add(snapshot(journal, TRUNCATE, null));
        for (long key = 0; key < 6; key++) {
            changes.add(snapshot(journal, READ, key));
        }
        all.addAll(changes);
        changes.forEach(journal::transactionOf);
    }

    private static ChangeEvent snapshot(MemoryJournal journal, Operation operation, Long key) {
        ChangeEvent change = journal.change(operation, ORDERS, null, key);
        return ChangeEvent.ofSnapshot(
                operation,
                change.schema(),
                change.position(),
                2,
                change.position().offset(),
                change.after());
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
}
