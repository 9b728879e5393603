package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.DataSize;
import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.event.TableId;
import dev.tailrace.lifecycle.Backoff;
import dev.tailrace.lifecycle.StopSignal;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** A delivery whose duty cycle the test's own thread turns, with a clock that waits move on and nothing else does. */
final class DeliveryRig implements PipelineListener, AutoCloseable {
    final MemoryJournal journal;
    final List<Duration> waits = new ArrayList<>();
    final List<PipelineState> states = new ArrayList<>();
    final Orders orders = new Orders();
    final CheckpointStore store;
    int appliedEvents;
    int retries;
    private final PipelineSettings settings;
    private final PipelineProgress progress = new PipelineProgress();
    private final Delivery delivery;
    private Instant now = Instant.ofEpochSecond(100);

    DeliveryRig(MemoryJournal journal, ScriptedTarget target, Path directory) {
        this(
                journal,
                target,
                directory,
                new RejectSettings(RejectSettings.Policy.HALT, 100, 1_000, false),
                PipelineSettings.of("s", "jdbc"));
    }

    /** Of a JDBC sink whose batches hold so many changes. */
    static PipelineSettings batchesOf(int maxEvents) {
        return batchesOf(maxEvents, DataSize.ofMebibytes(4));
    }

    static PipelineSettings batchesOf(int maxEvents, DataSize maxSize) {
        return new PipelineSettings(
                "s",
                "jdbc",
                maxEvents,
                maxSize,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofMillis(200));
    }

    DeliveryRig(
            MemoryJournal journal,
            ScriptedTarget target,
            Path directory,
            RejectSettings rejects,
            PipelineSettings settings) {
        this(journal, target, MemoryJournal.ORDERS::equals, directory, rejects, settings);
    }

    /** @param tables what the sink wants */
    DeliveryRig(
            MemoryJournal journal,
            SinkFactory.Definition target,
            Predicate<TableId> tables,
            Path directory,
            RejectSettings rejects,
            PipelineSettings settings) {
        this.journal = journal;
        this.settings = settings;
        this.store = new CheckpointStore(directory, "s");
        InstantSource clock = () -> now;
        SinkContext context =
                new SinkContext("shop", "s", journal.id(), 1, journal.token(), directory, List.of(), FaultPoint.NONE);
        Backoff backoff = new Backoff(settings.firstRetry(), settings.longestRetry(), new SplittableRandom(1));
        Checkpoints checkpoints = new Checkpoints(store, journal, settings, clock);
        checkpoints.holdStored();
        delivery = new Delivery(new DeliveryParts(
                settings,
                target,
                tables,
                journal,
                Runnable::run,
                context,
                checkpoints,
                new Parking(
                        rejects,
                        DeadLetterLog.at(directory.resolve("dead-letters.db"), rejects.latestImage()),
                        settings,
                        new SplittableRandom(2),
                        "shop/s",
                        LoggerFactory.getLogger(DeliveryRig.class)),
                this,
                clock,
                wait -> {
                    waits.add(wait);
                    pass(wait);
                    return true;
                },
                new StopSignal(),
                orders,
                new ErrorEpisode("shop/s", backoff, clock, LoggerFactory.getLogger(DeliveryRig.class)),
                progress,
                LoggerFactory.getLogger(DeliveryRig.class)));
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Turns until a round found nothing to do, or the pipeline waits for an operator. */
    DeliveryRig run() throws Exception {
        for (int round = 0; round < 10_000; round++) {
            boolean worked = delivery.doWork();
            if (!worked || status().state() == PipelineState.HALTED || status().state() == PipelineState.PAUSED) {
                return this;
            }
        }
        throw new AssertionError("never idle: " + status());
    }

    void turn() throws Exception {
        delivery.doWork();
    }

    PipelineStatus status() {
        return progress.status(settings, journal.end(), Micros.of(now));
    }

    void assertHalted(String code) {
        assertThat(status().state()).isEqualTo(PipelineState.HALTED);
        assertThat(status().lastError().code()).isEqualTo(code);
    }

    @Override
    public void applied(TableId table, int events, long lagMicros) {
        appliedEvents += events;
    }

    @Override
    public void retried() {
        retries++;
    }

    @Override
    public void stateChanged(PipelineState from, PipelineState to) {
        states.add(to);
    }

    @Override
    public void close() {
        delivery.onClose();
    }
}
