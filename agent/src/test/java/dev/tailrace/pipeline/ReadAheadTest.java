package dev.tailrace.pipeline;

import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.DataSize;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Reading ahead as the pipeline's thread sees it; the tests' own thread plays the other one. */
class ReadAheadTest {
    private static final int LIMIT = 10;

    private final MemoryJournal journal = new MemoryJournal("j1");
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private ReadAhead reader(long maxBytes) throws Exception {
        PipelineSettings settings = DeliveryRig.batchesOf(LIMIT, new DataSize(maxBytes));
        return new ReadAhead(
                new PortionReader(journal.reader(0, ORDERS::equals), 0, journal, settings, new BatchReach(1)),
                tasks::add);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void readsAheadOnlyBehindABacklog() throws Exception {
        journal.transaction(ORDERS, 6);
        try (ReadAhead reader = reader(1 << 20)) {
            assertThat(reader.next().portion()).isNotNull();
            assertThat(tasks).as("nothing waited behind the only frame").isEmpty();
            assertThat(reader.next().portion()).isNull();
            for (int i = 0; i < 4; i++) {
                journal.transaction(ORDERS, 6);
            }
            List<Long> taken = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                taken.add(reader.next().portion().upTo());
                assertThat(reader.readSequence()).as("of what was taken").isEqualTo(taken.get(i));
                assertThat(tasks).hasSize(i < 3 ? 1 : 0);
                runTasks();
            }
            assertThat(taken).containsExactly(2L, 3L, 4L, 5L);
        }
    }

    /** What came since is taken with what the end of the journal was when it was read ahead. */
    @Test
    void looksAgainWhenThereWasNothingAhead() throws Exception {
        journal.transaction(ORDERS, 6);
        journal.transaction(ORDERS, 6);
        try (ReadAhead reader = reader(1 << 20)) {
            assertThat(reader.next().portion().upTo()).isEqualTo(1);
            runTasks();
            assertThat(reader.next().portion().upTo()).isEqualTo(2);
            journal.transaction(ORDERS, 6);
            assertThat(reader.next().portion().upTo()).isEqualTo(3);
        }
    }

    @Test
    void aRewindForgetsWhatWasReadAhead() throws Exception {
        for (int i = 0; i < 4; i++) {
            journal.transaction(ORDERS, 6);
        }
        try (ReadAhead reader = reader(1 << 20)) {
            assertThat(reader.next().portion().upTo()).isEqualTo(1);
            runTasks();
            reader.rewind(0);
            assertThat(reader.readSequence()).isZero();
            assertThat(reader.next().portion().upTo()).isEqualTo(1);
            runTasks();
            assertThat(reader.next().portion().upTo()).isEqualTo(2);
            runTasks();
        }
    }

    @Test
    void neverHoldsTwoLargePortions() throws Exception {
        for (int i = 0; i < 3; i++) {
            journal.transaction(ORDERS, 6);
        }
        try (ReadAhead reader = reader(1)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(reader.next().portion().upTo()).isEqualTo(i);
                assertThat(tasks).isEmpty();
            }
        }
    }
}
