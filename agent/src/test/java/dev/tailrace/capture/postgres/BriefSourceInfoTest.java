package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BriefSourceInfoTest {
    /** Another version of the engine may hide what it is made of; then records are as long as the engine makes them. */
    @Test
    void theEngineIsAsWeKnowIt() {
        assertThat(BriefSourceInfo.isBrief()).isTrue();
    }
}
