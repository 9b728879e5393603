package dev.tailrace.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class WorkerRunnerTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private abstract class Recorded implements Worker {
        @Override
        public String roleName() {
            return "recorded";
        }

        @Override
        public void onStart() throws Exception {
            calls.add("start on " + Thread.currentThread().getName());
        }

        @Override
        public void onClose() {
            calls.add("close on " + Thread.currentThread().getName());
        }
    }

    private WorkerRunner runner(Worker worker, Duration idle) {
        return new WorkerRunner(worker, idle, (role, failure) -> failures.add(failure));
    }

    @Test
    void runsOneWorkerOnItsNamedThread() throws Exception {
        CountDownLatch rounds = new CountDownLatch(3);
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public boolean doWork() {
                        rounds.countDown();
                        return true;
                    }
                },
                LONG);
        runner.start();
        assertThat(rounds.await(200, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.close(LONG)).isTrue();
        assertThat(runner.close(LONG)).isTrue();
        assertThat(runner.hasEnded()).isTrue();
        assertThat(calls).containsExactly("start on recorded", "close on recorded");
        assertThat(failures).isEmpty();
    }

    @Test
    void idlesAfterARoundWithoutWorkUntilWoken() throws Exception {
        SynchronousQueue<String> rounds = new SynchronousQueue<>();
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public boolean doWork() throws Exception {
                        rounds.put("round");
                        return false;
                    }
                },
                Duration.ofDays(1));
        runner.start();
        assertThat(rounds.poll(200, TimeUnit.SECONDS)).isNotNull();
        for (int i = 0; i < 20; i++) {
            runner.wake();
            assertThat(rounds.poll(200, TimeUnit.SECONDS))
                    .as("round after wake %d", i)
                    .isNotNull();
        }
        assertThat(runner.close(LONG)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void handsOverTheFailureOnceAndClosesTheWorker() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public boolean doWork() throws Exception {
                        throw new java.io.IOException("disk gone");
                    }

                    @Override
                    public void onClose() {
                        closed.countDown();
                    }
                },
                LONG);
        runner.start();
        assertThat(closed.await(200, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.close(LONG)).isTrue();
        assertThat(failures).singleElement().satisfies(f -> assertThat(f).hasMessage("disk gone"));
    }

    @Test
    void closesAWorkerWhoseStartFailed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public void onStart() {
                        throw new AssertionError("an Error is handed over too");
                    }

                    @Override
                    public boolean doWork() {
                        calls.add("worked");
                        return true;
                    }

                    @Override
                    public void onClose() {
                        closed.countDown();
                    }
                },
                LONG);
        runner.start();
        assertThat(closed.await(200, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.close(LONG)).isTrue();
        assertThat(calls).isEmpty();
        assertThat(failures).hasSize(1);
    }

    @Test
    void interruptsAWorkerThatDoesNotReturnAndCallsThatNoFailure() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public boolean doWork() throws Exception {
                        entered.countDown();
                        new CountDownLatch(1).await();
                        return true;
                    }
                },
                LONG);
        runner.start();
        assertThat(entered.await(200, TimeUnit.SECONDS)).isTrue();
        runner.close(AT_ONCE);
        assertThat(runner.close(LONG)).isTrue();
        assertThat(failures).isEmpty();
        assertThat(calls).contains("close on recorded");
    }

    @Test
    void saysSoWhenTheWorkerCannotBeStopped() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public boolean doWork() {
                        entered.countDown();
                        while (released.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        return true;
                    }
                },
                LONG);
        runner.start();
        assertThat(entered.await(200, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.close(AT_ONCE)).isFalse();
        released.countDown();
        assertThat(runner.close(LONG)).isTrue();
    }

    @Test
    void anInterruptOfTheCallerShortensTheWaitAndStaysSet() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public boolean doWork() throws Exception {
                        entered.countDown();
                        new CountDownLatch(1).await();
                        return true;
                    }
                },
                LONG);
        runner.start();
        assertThat(entered.await(200, TimeUnit.SECONDS)).isTrue();
        Thread.currentThread().interrupt();
        assertThat(runner.close(Duration.ofDays(1))).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptThatNobodyOrderedIsAFailure() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public boolean doWork() throws Exception {
                        throw new InterruptedException("stray");
                    }

                    @Override
                    public void onClose() {
                        closed.countDown();
                    }
                },
                LONG);
        runner.start();
        assertThat(closed.await(200, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).hasSize(1);
    }

    @Test
    void closedBeforeItsStartItNeverStarts() {
        WorkerRunner runner = runner(
                new Recorded() {
                    @Override
                    public boolean doWork() {
                        return true;
                    }
                },
                LONG);
        assertThat(runner.close(LONG)).isTrue();
        assertThatThrownBy(runner::start).isInstanceOf(IllegalStateException.class);
        assertThat(calls).isEmpty();
    }
}
