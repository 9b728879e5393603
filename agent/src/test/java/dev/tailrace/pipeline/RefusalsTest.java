package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Refusals refusals = new Refusals(2);

    @Test
    void tooManyAreMoreThanSoManyInAMinute() {
        assertThat(refusals.count(NOON)).isTrue();
        assertThat(refusals.count(NOON.plusSeconds(59))).isTrue();
        assertThat(refusals.count(NOON.plusSeconds(61))).isTrue();
        assertThat(refusals.count(NOON.plusSeconds(62))).isFalse();
    }

    @Test
    void aClockThatIsTrimmedDoesNotHideThem() {
        refusals.count(NOON);
        refusals.count(NOON.minusMillis(20));
        assertThat(refusals.count(NOON.minusMillis(40))).isFalse();
    }

    /** Refusals hours apart must not trip the wire. */
    @Test
    void whatWasCountedBeforeTheClockWasSetBackIsForgotten() {
        refusals.count(NOON);
        refusals.count(NOON);
        assertThat(refusals.count(NOON.minusSeconds(3600))).isTrue();
        assertThat(refusals.count(NOON.minusSeconds(60))).isTrue();
    }
}
