package dev.tailrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Test
    void whatATaskThrowsIsToldAndItsThreadGoesOn() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (WorkerPool pool = new WorkerPool("w", 1, 2, (role, failure) -> told.add(role + " " + failure))) {
            pool.execute(() -> {
                throw new IllegalStateException("broken");
            });
            pool.execute(done::countDown);
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(told).containsExactly("w-1 java.lang.IllegalStateException: broken");
    }

    @Test
    void oneTaskTooManyIsRefused() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (WorkerPool pool = new WorkerPool("w", 1, 1, (role, failure) -> told.add(role))) {
            pool.execute(() -> {
                entered.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
            pool.execute(() -> {});
            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
            gate.countDown();
        }
        assertThat(told).isEmpty();
    }
}
