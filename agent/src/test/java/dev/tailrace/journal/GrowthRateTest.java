package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class GrowthRateTest {
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void goesOnAfterTheClockWasSetBack() {
        GrowthRate rate = new GrowthRate(() -> now);
        rate.add(10_000);
        now = now.plusSeconds(10);
        assertThat(rate.perSecond()).isEqualTo(1000);
        now = now.minusSeconds(3600);
        assertThat(rate.perSecond()).isEqualTo(1000);
        rate.add(20_000_000);
        now = now.plusSeconds(1000);
        assertThat(rate.perSecond()).isCloseTo(20_000, org.assertj.core.data.Offset.offset(1.0));
    }
}
