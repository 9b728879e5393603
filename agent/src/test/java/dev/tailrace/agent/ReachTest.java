package dev.tailrace.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReachTest {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    @Test
    void saysOnceWhatGoesUpAndDown() {
        Reach reach = new Reach();
        assertThat(reach.isLow(0.74, NEVER)).isFalse();
        assertThat(reach.isLow(0.76, NEVER)).isTrue();
        assertThat(reach.isLow(0.70, NEVER)).as("still").isTrue();
        assertThat(reach.isLow(0.64, NEVER)).isFalse();
        assertThat(reach.isLow(0.70, NEVER)).as("not again").isFalse();
    }

    @Test
    void aBurstIsNoMatterWhileLittleIsUsed() {
        Reach reach = new Reach();
        assertThat(reach.isLow(0.24, 60)).isFalse();
        assertThat(reach.isLow(0.26, 60)).isTrue();
        assertThat(reach.isLow(0.26, 4000)).as("still").isTrue();
        assertThat(reach.isLow(0.26, 8000)).isFalse();
    }
}
