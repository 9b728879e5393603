package dev.tailrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class StopSignalTest {
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    @Test
    void aRaisedSignalEndsEveryWait() throws Exception {
        StopSignal stop = new StopSignal();
        stop.raise();
        stop.raise();
        assertThat(stop.isRaised()).isTrue();
        assertThat(stop.pause(FOR_EVER)).isFalse();
        assertThat(stop.pause(FOR_EVER)).isFalse();
        stop.await();
    }

    @Test
    void raisingReachesAWaiter() throws Exception {
        StopSignal stop = new StopSignal();
        Thread waiter = new Thread(() -> {
            try {
                stop.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        waiter.start();
        stop.raise();
        waiter.join();
        assertThat(stop.isRaised()).isTrue();
    }

    @Test
    void aWakeBeforeTheWaitIsNotLostAndCountsOnce() throws Exception {
        StopSignal stop = new StopSignal();
        stop.wake();
        assertThat(stop.pause(FOR_EVER)).isTrue();
        assertThat(stop.pause(Duration.ofNanos(1))).isTrue();
        assertThat(stop.isRaised()).isFalse();
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new StopSignal().pause(FOR_EVER)).isInstanceOf(InterruptedException.class);
    }
}
