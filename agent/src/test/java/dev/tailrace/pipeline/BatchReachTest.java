package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchReachTest {
    private static final int LEAST = 1_000;
    private static final Duration QUICK = Duration.ofMillis(100);

    private final BatchReach reach = new BatchReach(16);

    private static Portion batch(int reach, int events, boolean full) {
        return batch(Operation.UPDATE, reach, events, full);
    }

    private static Portion batch(Operation operation, int reach, int events, boolean full) {
        MemoryJournal journal = new MemoryJournal("j1");
        ChangeEvent event = journal.change(operation, MemoryJournal.ORDERS, null, 1L);
        Transaction transaction = Transaction.whole("t", event.position(), 1, Collections.nCopies(events, event));
        Batch batch = new Batch(List.of(transaction), 0, new Checkpoint("j1", 1, "t1", ""));
        return new Portion(batch, 1, "", reach, full);
    }

    private void full(int batches, Duration time) {
        for (int i = 0; i < batches; i++) {
            reach.took(batch(reach.factor(), LEAST * reach.factor(), true), time);
        }
    }

    private void grows() {
        for (int factor = 1; factor < 16; factor *= 2) {
            assertThat(reach.factor()).isEqualTo(factor);
            full(1, QUICK);
        }
        full(10, QUICK);
        assertThat(reach.factor()).isEqualTo(16);
    }

    private void growsBehind(int small) {
        full(small, QUICK);
        grows();
    }

    @Test
    void growsBehindABacklogUpToItsBound() {
        grows();
        BatchReach fixed = new BatchReach(1);
        fixed.took(batch(1, LEAST, true), QUICK);
        assertThat(fixed.factor()).isEqualTo(1);
    }

    @Test
    void newRowsStayInSmallOnes() {
        grows();
        reach.took(batch(Operation.INSERT, 16, 16 * LEAST, true), QUICK);
        assertThat(reach.factor()).isEqualTo(1);
        reach.took(batch(Operation.READ, 1, LEAST, true), QUICK);
        reach.took(batch(Operation.INSERT, 1, LEAST, true), QUICK);
        assertThat(reach.factor()).isEqualTo(1);
        reach.took(batch(Operation.DELETE, 1, LEAST, true), QUICK);
        assertThat(reach.factor()).isEqualTo(2);
    }

    @Test
    void whatWasNotFullSaysNothing() {
        for (int i = 0; i < 100; i++) {
            reach.took(batch(1, LEAST / 2, false), QUICK);
        }
        assertThat(reach.factor()).isEqualTo(1);
    }

    /** Twice as many take less than twice the time. */
    @Test
    void aTargetThatTakesTheLesserPartOfASecondGetsLargeOnes() {
        full(4, Duration.ofMillis(999));
        assertThat(reach.factor()).isEqualTo(16);
    }

    @Test
    void aSlowTargetGetsSmallOnes() {
        grows();
        full(1, Duration.ofSeconds(1));
        assertThat(reach.factor()).as("neither quick nor slow").isEqualTo(16);
        full(1, Duration.ofSeconds(3));
        assertThat(reach.factor()).isEqualTo(8);
        reach.took(batch(16, 16 * LEAST, true), Duration.ofSeconds(3));
        assertThat(reach.factor()).as("that one was read ahead").isEqualTo(8);
        full(10, Duration.ofSeconds(3));
        assertThat(reach.factor()).isEqualTo(1);
        grows();
        reach.took(batch(16, 1, false), Duration.ofHours(-1));
        assertThat(reach.factor()).as("a clock that was set back").isEqualTo(8);
    }

    @Test
    void afterAnErrorANumberOfSmallOnesHasToGoWell() {
        grows();
        reach.failed(false);
        growsBehind(8);
        reach.failed(false);
        growsBehind(8);
    }

    /** For locks that are held for longer, or a limit on transactions. */
    @Test
    void largeOnesThatFailAreTriedLessAndLessOften() {
        for (int small = 8; small <= 512; small *= 2) {
            full(4, QUICK);
            assertThat(reach.factor()).as("large again").isEqualTo(16);
            reach.failed(true);
            reach.failed(false);
            full(small, QUICK);
        }
        full(4, QUICK);
        reach.failed(true);
        growsBehind(512);
        reach.failed(true);
        growsBehind(8);
    }
}
