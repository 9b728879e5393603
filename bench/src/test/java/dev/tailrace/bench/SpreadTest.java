package dev.tailrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SpreadTest {

    @Test
    void medianOfOddAndEvenNumbersOfValues() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void ratioIsOfPairsAndNotOfMedians() {
        // The machine was half as fast in the second round: the pairs agree, the medians' ratio would not.
        Comparison comparison = new Comparison(
                "x", List.of(30.0, 10.0, 30.0), "y", List.of(20.0, 20.0, 10.0), List.of(10.0, 10.0, 10.0), "u", 1);
        assertThat(comparison.ratio()).isEqualTo(1.5);
        assertThat(comparison.controlRatio()).isEqualTo(2.0);
    }

    @Test
    void unpairedRunsAreRefused() {
        assertThatThrownBy(() -> new Comparison("x", List.of(1.0), "y", List.of(1.0, 2.0), List.of(), "u", 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void percentilesAreValuesThatWereMeasured() {
        List<Long> micros = LongStream.rangeClosed(1, 1_000).boxed().toList();
        assertThat(Percentiles.of(micros))
                .containsEntry("p50", 0.5)
                .containsEntry("p99", 0.99)
                .containsEntry("p999", 0.999)
                .containsEntry("max", 1.0)
                .containsEntry("count", 1_000.0);
        assertThat(Percentiles.of(List.of(7_000L))).containsEntry("p50", 7.0).containsEntry("p999", 7.0);
    }
}
