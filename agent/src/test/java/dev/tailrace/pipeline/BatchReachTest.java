package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchReachTest {
    private static final int LEAST = 1_000;

    private final BatchReach reach = new BatchReach(16);

    /** @param micros a change takes */
    private void full(int batches, long micros) {
        for (int i = 0; i < batches; i++) {
            int events = LEAST * reach.factor();
            reach.took(reach.factor(), events, Duration.ofNanos(micros * 1_000 * events));
        }
    }

    private void isWideAfter(int batches, long micros) {
        full(batches - 1, micros);
        assertThat(reach.factor()).isEqualTo(1);
        full(1, micros);
        assertThat(reach.factor()).isEqualTo(16);
    }

    @Test
    void staysLargeWhereThatIsCheaper() {
        isWideAfter(12, 10);
        full(15, 5);
        assertThat(reach.factor()).isEqualTo(16);
        full(1, 5);
        assertThat(reach.factor()).as("small ones are measured again").isEqualTo(1);
        isWideAfter(4, 10);
    }

    @Test
    void isSmallForLongerAndLongerWhereItIsNot() {
        isWideAfter(12, 10);
        full(2, 9);
        isWideAfter(64, 10);
        full(2, 10);
        isWideAfter(128, 10);
        full(2, 5);
        assertThat(reach.factor()).as("now it is").isEqualTo(16);
        full(14, 5);
        isWideAfter(4, 10);
        full(2, 10);
        isWideAfter(64, 10);
    }

    @Test
    void aSlowTargetGetsNoMoreThanItTakesInASecond() {
        full(12, 300);
        assertThat(reach.factor()).isEqualTo(2);
        BatchReach slow = new BatchReach(16);
        for (int i = 0; i < 1_000; i++) {
            slow.took(1, LEAST, Duration.ofMillis(900));
            assertThat(slow.factor()).isEqualTo(1);
        }
    }

    @Test
    void oneThatTookLongIsFollowedBySmallOnes() {
        isWideAfter(12, 10);
        reach.took(16, 16 * LEAST, Duration.ofSeconds(3));
        assertThat(reach.factor()).isEqualTo(1);
        isWideAfter(64, 10);
        reach.took(0, 1, Duration.ofHours(-1));
        assertThat(reach.factor()).as("a clock that was set back").isEqualTo(1);
    }

    @Test
    void whatWasNotFullSaysNothing() {
        for (int i = 0; i < 100; i++) {
            reach.took(0, LEAST / 2, Duration.ofMillis(1));
        }
        assertThat(reach.factor()).isEqualTo(1);
    }

    /** It was read ahead before the bound changed. */
    @Test
    void whatIsOfAnotherSizeIsNotMeasured() {
        isWideAfter(12, 10);
        reach.took(1, LEAST, Duration.ofSeconds(1));
        full(2, 8);
        assertThat(reach.factor()).isEqualTo(16);
    }

    @Test
    void afterAnErrorANumberOfSmallOnesHasToGoWell() {
        isWideAfter(12, 10);
        assertThat(reach.failed()).isTrue();
        assertThat(reach.failed()).as("it was small by then").isFalse();
        isWideAfter(12, 10);
    }

    @Test
    void oneSizeStaysOneSize() {
        BatchReach fixed = new BatchReach(1);
        for (int i = 0; i < 200; i++) {
            fixed.took(1, LEAST, Duration.ofMillis(1));
            assertThat(fixed.factor()).isEqualTo(1);
        }
        assertThat(fixed.failed()).isFalse();
    }
}
