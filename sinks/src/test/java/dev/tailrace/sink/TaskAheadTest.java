package dev.tailrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who does the work, and what becomes of an interrupt and of a failure. */
@Timeout(400)
class TaskAheadTest {

    @Test
    void whatNobodyHasBegunIsDoneHereAndOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        TaskAhead<Integer, IOException> task = new TaskAhead<>(IOException.class, runs::incrementAndGet);
        assertThat(task.result()).isEqualTo(1);
        task.run();
        assertThat(task.result()).isEqualTo(1);
    }

    @Test
    void anInterruptDoesNotCutItShortAndStays() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        TaskAhead<String, IOException> task = new TaskAhead<>(IOException.class, () -> {
            begun.countDown();
            end.await();
            return "done";
        });
        Thread other = new Thread(task, "task-ahead-test");
        other.start();
        begun.await();
        Thread waiting = Thread.currentThread();
        Thread ending = new Thread(
                () -> {
                    while (waiting.getState() == Thread.State.RUNNABLE) {
                        Thread.onSpinWait();
                    }
                    end.countDown();
                },
                "task-ahead-end");
        ending.start();
        waiting.interrupt();
        assertThat(task.result()).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
        other.join();
        ending.join();
    }

    @Test
    void itsOwnFailureIsThrownAsItIs() {
        IOException failure = new IOException("no");
        TaskAhead<String, IOException> task = new TaskAhead<>(IOException.class, () -> {
            throw failure;
        });
        assertThatThrownBy(task::result).isSameAs(failure);
        task.settle();
        TaskAhead<String, IOException> other = new TaskAhead<>(IOException.class, () -> {
            throw new IllegalArgumentException("no");
        });
        assertThatThrownBy(other::result).isInstanceOf(IllegalArgumentException.class);
    }
}
