package dev.tailrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void doublesToTheCapWithEqualJitter() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), new SplittableRandom(7));
        for (long whole : List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L)) {
            assertThat(backoff.next()).isBetween(Duration.ofSeconds(whole).dividedBy(2), Duration.ofSeconds(whole));
        }
        assertThat(backoff.failures()).isEqualTo(9);
    }

    @Test
    void usesTheWholeRangeOfTheJitter() {
        assertThat(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), fixed(false)).next())
                .isEqualTo(Duration.ofMillis(500));
        assertThat(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), fixed(true)).next())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void startsAgainAfterReset() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), new SplittableRandom(7));
        Stream.generate(backoff::next).limit(5).forEach(wait -> {});
        backoff.reset();
        assertThat(backoff.failures()).isZero();
        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void staysAtTheCapForEver() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), new SplittableRandom(7));
        for (int i = 0; i < 100_000; i++) {
            assertThat(backoff.next()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(60));
        }
    }

    @Test
    void refusesBoundsThatMakeNoSense() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), new SplittableRandom(7)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), new SplittableRandom(7)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static RandomGenerator fixed(boolean highest) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("a bound is always given");
            }

            @Override
            public long nextLong(long bound) {
                return highest ? bound - 1 : 0;
            }
        };
    }
}
