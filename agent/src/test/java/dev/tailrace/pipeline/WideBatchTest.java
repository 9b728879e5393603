package dev.tailrace.pipeline;

import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static dev.tailrace.pipeline.ScriptedTarget.NONE;
import static dev.tailrace.pipeline.ScriptedTarget.down;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.sink.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Batches that grow behind a backlog, and what becomes of one that fails. */
class WideBatchTest extends ParkingCase {
    private static final int LEAST = 10;

    /** Each size comes twice, since one of it is read ahead of the next size. */
    private static final List<Integer> GROWING = List.of(10, 10, 20, 20, 40, 40, 80, 80);

    private static final int FIRST_LARGE = GROWING.size();

    private final ScriptedTarget target = new ScriptedTarget(true);

    private DeliveryRig wide() {
        PipelineSettings settings = DeliveryRig.batchesOf(LEAST).wideningFor(1);
        return new DeliveryRig(journal, target, table -> true, directory, RejectSettings.DEFAULT, settings);
    }

    private static ScriptedTarget.Fault[] faultOfTheFirstLarge() {
        return faultBehind(FIRST_LARGE);
    }

    private static ScriptedTarget.Fault[] faultBehind(int batches) {
        ScriptedTarget.Fault[] faults = new ScriptedTarget.Fault[batches + 1];
        Arrays.fill(faults, NONE);
        faults[batches] = down();
        return faults;
    }

    /** It was read while large ones were still worth it: new rows, behind which they are not. */
    @Test
    void aLargeOneThatWasReadAheadOfTheirEndComesAgainInSmallOnes() throws Exception {
        List<String> ids = new ArrayList<>(backlog(460));
        for (int i = 0; i < 700; i++) {
            ChangeEvent fresh = insert(1_000L + i);
            journal.transactionOf(fresh);
            ids.add(fresh.id().text());
        }
        target.beforeWrite(faultBehind(FIRST_LARGE + 2));
        try (DeliveryRig rig = wide().run()) {
            assertThat(target.ids()).containsExactlyElementsOf(ids);
            assertThat(sizes().subList(FIRST_LARGE, FIRST_LARGE + 3)).containsOnly(16 * LEAST);
            assertThat(sizes().subList(FIRST_LARGE + 3, sizes().size())).containsOnly(LEAST);
            assertThat(rig.appliedEvents).isEqualTo(1_160);
        }
    }

    private List<Integer> sizes() {
        return target.handed.stream().map(Batch::eventCount).toList();
    }

    private List<String> backlog(long changes) {
        return LongStream.range(0, changes)
                .mapToObj(key -> {
                    ChangeEvent event = update(key);
                    journal.transactionOf(event);
                    return event.id().text();
                })
                .toList();
    }

    @Test
    void theyGrowWhileThereIsMoreThanOneHolds() throws Exception {
        List<String> ids = backlog(1_000);
        try (DeliveryRig rig = wide().run()) {
            assertThat(target.ids()).containsExactlyElementsOf(ids);
            assertThat(sizes().subList(0, FIRST_LARGE)).isEqualTo(GROWING);
            assertThat(sizes().subList(FIRST_LARGE, sizes().size())).containsExactly(160, 160, 160, 160, 60);
            assertThat(rig.status().appliedSequence()).isEqualTo(journal.end());
        }
    }

    @Test
    void aRefusedChangeIsSetAsideInASmallOne() throws Exception {
        List<String> ids = backlog(2_000);
        String poison = ids.get(1_000);
        target.refuses = event -> event.id().text().equals(poison);
        try (DeliveryRig rig = wide().run()) {
            assertThat(target.ids())
                    .containsExactlyElementsOf(
                            ids.stream().filter(id -> !id.equals(poison)).toList());
            assertThat(rig.status().deadLetters().letters()).isEqualTo(1);
            assertThat(rig.appliedEvents).isEqualTo(1_999);
            assertThat(withThe(poison))
                    .as("the large one, the small one, which is all that is written once more")
                    .hasSize(2)
                    .startsWith(16 * LEAST)
                    .allMatch(size -> size == 16 * LEAST || size == LEAST);
            assertThat(sizes().subList(sizes().size() - 4, sizes().size()))
                    .as("grown again")
                    .contains(16 * LEAST);
        }
    }

    private List<Integer> withThe(String id) {
        return target.handed.stream()
                .filter(batch -> batch.events().stream()
                        .anyMatch(event -> event.id().text().equals(id)))
                .map(Batch::eventCount)
                .toList();
    }

    @Test
    void whatALostConnectionInterruptedComesAgainInSmallOnes() throws Exception {
        List<String> ids = backlog(700);
        target.beforeWrite(faultOfTheFirstLarge());
        try (DeliveryRig rig = wide().run()) {
            assertThat(target.ids()).containsExactlyElementsOf(ids);
            assertThat(sizes().get(FIRST_LARGE)).isEqualTo(16 * LEAST);
            assertThat(sizes().subList(FIRST_LARGE + 1, FIRST_LARGE + 9)).allMatch(size -> size == LEAST);
            assertThat(rig.appliedEvents).isEqualTo(700);
        }
    }

    @Test
    void whatTheTargetHoldsIsNotWrittenAgainWhenItsAnswerWasLost() throws Exception {
        List<String> ids = backlog(700);
        target.afterWrite(faultOfTheFirstLarge());
        try (DeliveryRig rig = wide().run()) {
            assertThat(target.ids()).containsExactlyElementsOf(ids);
            assertThat(sizes().get(FIRST_LARGE)).isEqualTo(16 * LEAST);
            assertThat(rig.appliedEvents).isEqualTo(700);
        }
    }

    /** A frame is never split, so a small batch may be as large as one. */
    @Test
    void aLargeFrameThatIsRefusedIsNotReadAgainForEver() throws Exception {
        backlog(700);
        journal.transaction(ORDERS, 50);
        target.refuses = event -> event.position().offset() == 720;
        try (DeliveryRig rig = wide().run()) {
            assertThat(rig.status().deadLetters().letters()).isEqualTo(1);
            assertThat(target.ids()).hasSize(749);
        }
    }
}
