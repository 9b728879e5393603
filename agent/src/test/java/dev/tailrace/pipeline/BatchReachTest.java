package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchReachTest {
    private static final Duration QUICK = Duration.ofMillis(100);

    private final BatchReach reach = new BatchReach(16);

    private void took(int batches, boolean full, Duration time) {
        for (int i = 0; i < batches; i++) {
            reach.took(full, time);
        }
    }

    @Test
    void growsBehindABacklogUpToItsBound() {
        took(1, true, QUICK);
        assertThat(reach.factor()).isEqualTo(2);
        took(10, true, QUICK);
        assertThat(reach.factor()).isEqualTo(16);
        BatchReach fixed = new BatchReach(1);
        fixed.took(true, QUICK);
        assertThat(fixed.factor()).isEqualTo(1);
        assertThat(fixed.failed()).as("it has no smaller ones").isFalse();
    }

    @Test
    void whatWasNotFullSaysNothingOfALargerOne() {
        took(10, false, QUICK);
        assertThat(reach.factor()).isEqualTo(1);
    }

    @Test
    void aSlowTargetGetsSmallOnes() {
        took(10, true, QUICK);
        took(1, true, Duration.ofSeconds(1));
        assertThat(reach.factor()).as("neither quick nor slow").isEqualTo(16);
        took(1, true, Duration.ofSeconds(3));
        assertThat(reach.factor()).isEqualTo(8);
        took(10, false, Duration.ofSeconds(3));
        assertThat(reach.factor()).isEqualTo(1);
    }

    @Test
    void afterAnErrorANumberOfSmallOnesHasToGoWell() {
        took(10, true, QUICK);
        assertThat(reach.failed()).isTrue();
        assertThat(reach.failed()).isFalse();
        took(8, true, QUICK);
        assertThat(reach.factor()).isEqualTo(1);
        took(1, true, QUICK);
        assertThat(reach.factor()).isEqualTo(2);
    }
}
