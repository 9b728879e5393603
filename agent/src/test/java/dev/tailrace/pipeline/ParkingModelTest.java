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
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens, compared with a plain run. */
class ParkingModelTest extends ParkingCase {
    private static final int SEEDS = Integer.getInteger("parking.seeds", 6);
    private static final int ROUNDS = 12;
    private static final int KEYS = 6;

    /** What a run is made of. */
    private enum Kind {
        ROWS(true, Policy.PARK, false, false),
        SNAPSHOTS(true, Policy.PARK, false, true),
        TRANSACTIONS(true, Policy.PARK_TRANSACTION, false, true),
        LATEST_IMAGE(true, Policy.PARK, true, true),
        WITHOUT_CHECKPOINT(false, Policy.PARK, false, true);

        /** Whether the target keeps the checkpoint, and so is given everything once. */
        final boolean keeps;

        final boolean startsOver;
        final RejectSettings rejects;

        Kind(boolean keeps, Policy policy, boolean latestImage, boolean startsOver) {
            this.keeps = keeps;
            this.startsOver = startsOver;
            this.rejects = new RejectSettings(policy, 10_000, 100_000, latestImage);
        }
    }

    /** A target down at every step, agents that end at every step, and keys that move about: compared with a plain run. */
    @ParameterizedTest
    @EnumSource
    void theOrderOfEveryRowSurvivesWhateverHappens(Kind kind) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            String run = kind + " with seed " + seed;
            ScriptedTarget target = new ScriptedTarget(kind.keeps);
            List<ChangeEvent> all = run(kind, seed, target, run);
            assertThat(state(target.durable)).as(run).isEqualTo(state(all));
            if (!kind.rejects.latestImage()) {
                assertThat(target.ids())
                        .as("%s: none lost but what a snapshot that starts over makes unwanted", run)
                        .containsAll(wanted(all));
            }
            if (kind.keeps) {
                assertThat(target.ids()).as("%s: each once", run).doesNotHaveDuplicates();
                for (long key = 0; key < KEYS; key++) {
                    long wanted = key;
                    assertThat(target.durable.stream()
                                    .filter(e -> touches(e, wanted))
                                    .map(e -> e.position().offset()))
                            .as("%s: key %d", run, key)
                            .isSorted();
                }
            }
        }
    }

    /** @return all changes of the source */
    private List<ChangeEvent> run(Kind kind, int seed, ScriptedTarget target, String name) throws Exception {
        Path own = Files.createDirectories(directory.resolve("seed" + seed));
        SplittableRandom random = new SplittableRandom(seed);
        MemoryJournal ours = new MemoryJournal("j" + seed);
        List<ChangeEvent> all = new ArrayList<>();
        boolean[] mended = {false};
        target.refuses = event -> !mended[0]
                && event.position().offset() % 17 == 3
                && !(event.isSnapshot() && event.operation() == TRUNCATE); // halts, see ParkingPolicyTest
        for (int round = 1; round <= ROUNDS; round++) {
            for (int t = random.nextInt(4); t >= 0; t--) {
                append(ours, random, all);
                if (kind.startsOver && random.nextInt(12) == 0) {
                    startOver(ours, all);
                }
            }
            fail(target, random);
            PipelineSettings settings = kind.keeps && seed % 2 == 1
                    ? DeliveryRig.batchesOf(2).wideningFor(1)
                    : PipelineSettings.of("s", "jdbc");
            try (DeliveryRig rig = new DeliveryRig(ours, target, table -> true, own, kind.rejects, settings)) {
                for (int turn = random.nextInt(20); turn > 0; turn--) {
                    rig.turn();
                    rig.pass(Duration.ofSeconds(random.nextInt(3)));
                }
                if (round == ROUNDS) {
                    rig.run();
                    assertThat(rig.status().lastError())
                            .as("%s comes to rest, whatever is refused", name)
                            .satisfiesAnyOf(
                                    error -> assertThat(error).isNull(),
                                    error -> assertThat(error.code()).isNotEqualTo("PIPELINE-REJECTS"));
                    mended[0] = true;
                    retryAll(own);
                    rig.orders.resume();
                    waitOutTheTries(rig);
                }
            }
        }
        return all;
    }

    private static void fail(ScriptedTarget target, SplittableRandom random) {
        for (int fault = random.nextInt(3); fault > 0; fault--) {
            target.beforeWrite(ScriptedTarget.down());
            target.afterWrite(random.nextInt(3) == 0 ? ScriptedTarget.down() : ScriptedTarget.NONE);
            target.afterRedrive(random.nextBoolean() ? ScriptedTarget.down() : ScriptedTarget.NONE);
        }
    }

    /** Of each row the change that it is from. */
    private static Map<Object, Long> state(List<ChangeEvent> changes) {
        Map<Object, Long> rows = new TreeMap<>();
        for (ChangeEvent change : changes) {
            if (change.operation() == TRUNCATE) {
                rows.clear();
                continue;
            }
            if (change.before() != null) {
                rows.remove(change.before().value(0));
            }
            if (change.operation() == DELETE) {
                rows.remove(change.image().value(0));
            } else {
                rows.put(change.image().value(0), change.position().offset());
            }
        }
        return rows;
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
        for (long key = 0; key < KEYS; key++) {
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
            long key = random.nextInt(KEYS);
            int kind = random.nextInt(20);
            Operation operation = kind == 0 ? TRUNCATE : kind < 4 ? DELETE : kind < 12 ? INSERT : UPDATE;
            Long from = operation == UPDATE && random.nextInt(3) == 0 ? (Long) (long) random.nextInt(KEYS) : null;
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
