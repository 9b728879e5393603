package dev.tailrace.pipeline;

import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.Journal;
import dev.tailrace.lifecycle.Backoff;
import dev.tailrace.lifecycle.BoundedClose;
import dev.tailrace.lifecycle.Failpoints;
import dev.tailrace.lifecycle.Pacer;
import dev.tailrace.lifecycle.StopSignal;
import dev.tailrace.lifecycle.WorkerRunner;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the journal to one sink on a thread of its own. Any thread may call its methods.
 */
public final class Pipeline implements BoundedClose {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    /** More than a portion takes to be read. */
    private static final Duration READING = Duration.ofSeconds(1);

    private final PipelineSettings settings;
    private final Journal journal;
    private final InstantSource clock;
    private final Orders orders = new Orders();
    private final PipelineProgress progress = new PipelineProgress();
    private final StopSignal stop = new StopSignal();
    private final Checkpoints checkpoints;
    private final ReadingThread reading;
    private final WorkerRunner runner;

    /**
     * @param tables whose changes this sink wants
     * @param checkpointDirectory where checkpoints of sinks that keep none themselves are stored, one file a sink; created
     *     when missing
     * @param sinkDataDirectory the sink's own directory below the agent's data directory
     * @param agentName the agent's configured name
     * @param deadLetters the file of this sink's dead letters; made when something is first refused
     * @param random for the jitter of this pipeline alone: it is used by its thread
     */
    public Pipeline(
            PipelineSettings settings,
            SinkFactory.Definition definition,
            Predicate<TableId> tables,
            Journal journal,
            Path checkpointDirectory,
            Path sinkDataDirectory,
            String agentName,
            RejectSettings rejects,
            Path deadLetters,
            PipelineListener listener,
            InstantSource clock,
            RandomGenerator random) {
        this.settings = settings;
        this.journal = journal;
        this.clock = clock;
        SinkContext context = new SinkContext(
                agentName,
                settings.name(),
                journal.id(),
                journal.epoch(),
                journal.token(),
                sinkDataDirectory,
                List.of(),
                Failpoints::hit);
        CheckpointStore store = new CheckpointStore(checkpointDirectory, settings.name());
        this.checkpoints = new Checkpoints(store, journal, settings, clock);
        Backoff backoff = new Backoff(settings.firstRetry(), settings.longestRetry(), random);
        Pacer pacer = stop;
        Parking parking = new Parking(
                rejects,
                DeadLetterLog.at(deadLetters, rejects.latestImage()),
                settings,
                random,
                context.pipeline(),
                LOG);
        this.reading = new ReadingThread("read-" + settings.name(), this::ended);
        this.runner = new WorkerRunner(
                new Delivery(new DeliveryParts(
                        settings,
                        definition,
                        tables,
                        journal,
                        reading,
                        context,
                        checkpoints,
                        parking,
                        listener,
                        clock,
                        pacer,
                        stop,
                        orders,
                        new ErrorEpisode(context.pipeline(), backoff, clock, LOG),
                        progress,
                        LOG)),
                Duration.ofMillis(1),
                this::ended,
                stop);
    }

    /** Starts delivery and returns at once; what fails shows in {@link #status}. */
    public void start() {
        progress.applied(checkpoints.holdStored()); // the best that is known until the sink has been opened
        runner.start();
    }

    public PipelineStatus status() {
        return progress.status(settings, journal.status().readableSequence(), Micros.of(clock.instant()));
    }

    /** Finishes the batch in flight, then delivers nothing until {@link #resume}. */
    public void pause() {
        orders.pause();
        runner.wake();
    }

    /** Goes on after {@link #pause}, tries again after a halt, and at once instead of waiting for the next retry. */
    public void resume() {
        orders.resume();
        runner.wake();
    }

    /** Lets a table go on that the sink holds back; see {@link PipelineStatus#held}. */
    public void approve(TableId table) {
        orders.approve(table);
        runner.wake();
    }

    /** Finishes the batch in flight, stores the checkpoint, closes the sink. */
    @Override
    public boolean close(Duration atMost) {
        boolean ended = runner.close(atMost);
        // It has nothing to do any more, unless the other one is still at work.
        return reading.close(READING) && ended;
    }

    /** Whether the thread is gone, by {@link #close} or by a failure that nothing in this process mends. */
    public boolean hasEnded() {
        return runner.hasEnded();
    }

    private void ended(String roleName, Throwable failure) {
        LOG.error("{}: the thread ended; the agent must be restarted", roleName, failure);
        progress.error(new PipelineError(
                "PIPELINE-BUG",
                "The pipeline's thread ended: " + failure,
                "Restart the agent; report it with the stack trace in the log.",
                Micros.of(clock.instant()),
                1));
        progress.state(PipelineState.HALTED);
    }
}
