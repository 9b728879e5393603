package dev.tailrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class ShutdownTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final Shutdown shutdown = new Shutdown();

    @Test
    void closesTheNewestFirstAndOnce() throws Exception {
        shutdown.add("journal", LONG, atMost -> closed.add("journal within " + atMost));
        shutdown.addUnbounded("server", LONG, () -> closed.add("server"));
        shutdown.close();
        shutdown.close();
        assertThat(closed).containsExactly("server", "journal within PT50S");
    }

    @Test
    void goesOnBehindFailuresAndReportsThemAll() {
        shutdown.add("a", LONG, atMost -> closed.add("a"));
        shutdown.add("b", LONG, atMost -> {
            throw new IOException("b broke");
        });
        shutdown.addUnbounded("c", LONG, () -> {
            throw new IOException("c broke");
        });
        shutdown.add("d", LONG, atMost -> false);
        assertThatThrownBy(shutdown::close)
                .isInstanceOf(IncompleteShutdownException.class)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("d still ran after PT50S", "c broke", "b broke"));
        assertThat(closed).containsExactly("a");
    }

    @Test
    void givesUpWhatDoesNotEnd() {
        shutdown.add("a", LONG, atMost -> closed.add("a"));
        shutdown.addUnbounded("stuck", Duration.ofMillis(1), () -> new CountDownLatch(1).await());
        assertThatThrownBy(shutdown::close)
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("stuck still ran after PT0.001S"));
        assertThat(closed).containsExactly("a");
    }

    @Test
    void aHurryCutsThePhaseUnderWayAndShortensTheOthers() {
        shutdown.add("a", LONG, atMost -> closed.add("a within " + atMost));
        shutdown.addUnbounded("slow", Duration.ofDays(1), () -> {
            shutdown.hurry();
            new CountDownLatch(1).await();
        });
        assertThatThrownBy(shutdown::close).isInstanceOf(IncompleteShutdownException.class);
        assertThat(closed).containsExactly("a within PT0.5S");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aFailedStartReportsBothFailures() {
        shutdown.add("a", LONG, atMost -> closed.add("a"));
        shutdown.add("b", LONG, atMost -> {
            throw new IOException("b broke");
        });
        IOException reason = new IOException("port in use");
        shutdown.undo(reason);
        assertThat(reason.getSuppressed()).extracting(Throwable::getMessage).containsExactly("b broke");
        assertThat(closed).containsExactly("a");
    }
}
