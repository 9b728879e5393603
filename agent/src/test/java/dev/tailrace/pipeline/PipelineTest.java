package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines on their own threads, over a journal on disk. */
@Timeout(400)
class PipelineTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @TempDir
    Path directory;

    private RealJournal real;

    @BeforeEach
    void open() throws Exception {
        real = new RealJournal(directory.resolve("data"));
    }

    @AfterEach
    void close() {
        real.close();
    }

    /** Tells the test what its pipeline does, as it happens. */
    private static final class Told implements PipelineListener {
        final BlockingQueue<PipelineState> states = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> applied = new LinkedBlockingQueue<>();

        @Override
        public void applied(dev.tailrace.event.TableId table, int events, long lagMicros) {
            applied.add(events);
        }

        @Override
        public void stateChanged(PipelineState from, PipelineState to) {
            states.add(to);
        }

        void awaitApplied(int events) throws InterruptedException {
            for (int sum = 0; sum < events; ) {
                Integer more = applied.poll(200, TimeUnit.SECONDS);
                assertThat(more).as("applied %d of %d", sum, events).isNotNull();
                sum += more;
            }
        }

        void awaitState(PipelineState state) throws InterruptedException {
            PipelineState next = states.poll(200, TimeUnit.SECONDS);
            // Every life begins with the opening of the sink.
            assertThat(next == PipelineState.RUNNING && state != next ? states.poll(200, TimeUnit.SECONDS) : next)
                    .isEqualTo(state);
        }
    }

    private Pipeline pipeline(String name, ScriptedTarget target, Told told) {
        return new Pipeline(
                PipelineSettings.of(name, "jdbc"),
                target,
                RealJournal.ORDERS::equals,
                real.journal,
                directory.resolve("checkpoints"),
                directory.resolve(name),
                "shop",
                RejectSettings.DEFAULT,
                directory.resolve("dead-letters.db"),
                told,
                InstantSource.system(),
                new SplittableRandom(1));
    }

    @Test
    void deliversInOrderAndGoesOnAfterARestart() throws Exception {
        for (boolean keeps : new boolean[] {true, false}) {
            String name = keeps ? "keeps" : "plain";
            ScriptedTarget target = new ScriptedTarget(keeps);
            int before = (int) real.journal.status().durableSequence();
            real.append(before * 1000L, before * 1000L + 100);
            for (int start = 0; start < 3; start++) {
                Told told = new Told();
                Pipeline pipeline = pipeline(name, target, told);
                pipeline.start();
                long from = before * 1000L + 100 + start * 10;
                real.append(from, from + 10);
                int have = start == 0 ? 0 : target.durable.size();
                told.awaitApplied((start == 0 ? all(target) : have + 10) - have);
                assertThat(pipeline.close(LONG)).isTrue();
                assertThat(pipeline.status().lagMicros()).isZero();
            }
            assertThat(target.ids()).doesNotHaveDuplicates().isSorted();
        }
    }

    /** Frames with one change each: everything appended so far. */
    private int all(ScriptedTarget target) throws Exception {
        int events = 0;
        try (var reader = real.journal.reader(0, RealJournal.ORDERS::equals)) {
            for (var frame = reader.next(); frame != null; frame = reader.next()) {
                events += frame.transactions().size();
            }
        }
        return events;
    }

    @Test
    void aStalledSinkStallsNobody() throws Exception {
        ScriptedTarget stuck = new ScriptedTarget(true);
        CountDownLatch entered = new CountDownLatch(1);
        stuck.beforeWrite(() -> {
            entered.countDown();
            new CountDownLatch(1).await();
        });
        ScriptedTarget broken = new ScriptedTarget(true);
        broken.beforeWrite(ScriptedTarget.halted());
        ScriptedTarget healthy = new ScriptedTarget(false);
        Told brokenTold = new Told();
        Told healthyTold = new Told();
        Pipeline a = pipeline("stuck", stuck, new Told());
        Pipeline b = pipeline("broken", broken, brokenTold);
        Pipeline c = pipeline("healthy", healthy, healthyTold);
        real.append(0, 100);
        a.start();
        b.start();
        assertThat(entered.await(200, TimeUnit.SECONDS)).isTrue();
        brokenTold.awaitState(PipelineState.HALTED);
        c.start();
        healthyTold.awaitApplied(100);
        assertThat(healthy.ids()).hasSize(100);
        long stuckRounds = a.status().rounds();
        long idleRounds = c.status().rounds();
        Await.until("one with nothing to do still turns", LONG, () -> c.status().rounds() > idleRounds);
        assertThat(a.status().rounds())
                .as("and one that is inside of a call does not")
                .isEqualTo(stuckRounds);
        assertThat(a.status().lagMicros()).isPositive();
        assertThat(a.status().pendingEvents()).isGreaterThanOrEqualTo(100);
        assertThat(b.status().lastError().code()).isEqualTo("T-RIGHTS");
        assertThat(a.close(Duration.ofSeconds(5)))
                .as("an interrupt ends the stuck write")
                .isTrue();
        assertThat(b.close(LONG)).isTrue();
        assertThat(c.close(LONG)).isTrue();
        assertThat(stuck.durable).isEmpty();
    }

    @Test
    void pausesAndResumes() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        Told told = new Told();
        Pipeline pipeline = pipeline("s", target, told);
        real.append(0, 10);
        pipeline.start();
        told.awaitApplied(10);
        pipeline.pause();
        told.awaitState(PipelineState.PAUSED);
        real.append(10, 20);
        assertThat(pipeline.status().pendingEvents()).isPositive();
        pipeline.resume();
        told.awaitApplied(10);
        assertThat(target.ids()).hasSize(20).doesNotHaveDuplicates().isSorted();
        assertThat(pipeline.close(LONG)).isTrue();
    }

    @Test
    void closeFinishesTheBatchInFlight() throws Exception {
        ScriptedTarget target = new ScriptedTarget(false);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        target.beforeWrite(() -> {
            entered.countDown();
            release.await();
        });
        Pipeline pipeline = pipeline("s", target, new Told());
        real.append(0, 10);
        pipeline.start();
        assertThat(entered.await(200, TimeUnit.SECONDS)).isTrue();
        Thread closer = new Thread(() -> pipeline.close(LONG));
        closer.start();
        release.countDown();
        closer.join();
        assertThat(target.durable).hasSize(10);
        assertThat(new CheckpointStore(directory.resolve("checkpoints"), "s").load())
                .map(StoredCheckpoint::passed)
                .contains(pipeline.status().appliedSequence());
    }

    @Test
    void aRetryIsCutShortByClose() throws Exception {
        ScriptedTarget target = new ScriptedTarget(true);
        target.onOpen(ScriptedTarget.down());
        Told told = new Told();
        PipelineSettings settings = PipelineSettings.of("s", "jdbc");
        Pipeline pipeline = new Pipeline(
                new PipelineSettings(
                        "s",
                        "jdbc",
                        10,
                        settings.maxSize(),
                        1,
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        Duration.ofDays(1)),
                target,
                table -> true,
                real.journal,
                directory,
                directory,
                "shop",
                RejectSettings.DEFAULT,
                directory.resolve("dead-letters.db"),
                told,
                InstantSource.system(),
                new SplittableRandom(1));
        pipeline.start();
        told.awaitState(PipelineState.RETRYING);
        assertThat(pipeline.close(LONG)).isTrue();
        assertThat(target.opened).isEqualTo(1);
    }
}
