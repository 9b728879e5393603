package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SnapshotMeterTest {
    private static final TableId A = new TableId("public", "a");
    private static final TableId B = new TableId("public", "b");

    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;

    @Test
    void reportsPercentageRateAndTimeLeft() {
        SnapshotMeter meter = new SnapshotMeter(clock, Set.of(A, B), Map.of(A, 100L, B, 300L));
        rows(meter, A, 100);
        now = now.plusSeconds(10);
        assertThat(meter.progress()).isEqualTo(new SnapshotProgress(0, 2, 100, 400, 25, 10, 30, "public.a"));
    }

    @Test
    void neverFallsAndIsNeverCompleteBeforeTheEnd() {
        SnapshotMeter meter = new SnapshotMeter(clock, Set.of(A, B), Map.of(A, 10L, B, 1L));
        double before = 0;
        for (int i = 0; i < 500; i++) {
            meter.row(i < 50 ? A : B);
            double percent = meter.progress().percent();
            assertThat(percent).isBetween(before, 99.9);
            before = percent;
        }
        assertThat(meter.progress().rowsEstimated()).isEqualTo(500);
        meter.complete();
        assertThat(meter.progress()).isEqualTo(new SnapshotProgress(2, 2, 500, 500, 100, 0, 0, ""));
    }

    @Test
    void whatATableHeldReplacesItsEstimate() {
        SnapshotMeter meter = new SnapshotMeter(clock, Set.of(A, B), Map.of(A, 900L, B, 100L));
        rows(meter, A, 50);
        rows(meter, B, 50);
        assertThat(meter.progress().rowsEstimated()).isEqualTo(150);
        assertThat(meter.progress().tablesDone()).isEqualTo(1);
    }

    @Test
    void isUnknownUntilTheTableThatCannotBeToldIsRead() {
        SnapshotMeter meter = new SnapshotMeter(clock, Set.of(A, B), Map.of(B, 100L));
        rows(meter, A, 300);
        assertThat(meter.progress().percent()).isEqualTo(-1);
        assertThat(meter.progress().rowsEstimated()).isEqualTo(-1);
        assertThat(meter.progress().secondsLeft()).isEqualTo(-1);
        meter.row(B);
        assertThat(meter.progress().rowsEstimated()).isEqualTo(400);
        assertThat(meter.progress().percent()).isBetween(75.0, 76.0);
    }

    @Test
    void saysNothingOfEmptyTables() {
        SnapshotMeter meter = new SnapshotMeter(clock, Set.of(A), Map.of(A, 0L));
        assertThat(meter.progress().percent()).isEqualTo(-1);
        meter.complete();
        assertThat(meter.progress().percent()).isEqualTo(100);
    }

    private static void rows(SnapshotMeter meter, TableId table, int count) {
        for (int i = 0; i < count; i++) {
            meter.row(table);
        }
    }
}
