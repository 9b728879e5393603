package dev.tailrace.agent;

import dev.tailrace.admin.AdminException;
import dev.tailrace.admin.AdminServer;
import dev.tailrace.admin.AdminView;
import dev.tailrace.admin.Metrics;
import dev.tailrace.admin.SinkOrder;
import dev.tailrace.admin.StatusReport;
import dev.tailrace.admin.StatusReport.AgentState;
import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.capture.Capture;
import dev.tailrace.config.EffectiveConfiguration;
import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.Journals;
import dev.tailrace.lifecycle.IncompleteShutdownException;
import dev.tailrace.lifecycle.Shutdown;
import dev.tailrace.lifecycle.StopSignal;
import dev.tailrace.lifecycle.WorkerRunner;
import dev.tailrace.pipeline.Pipeline;
import dev.tailrace.pipeline.PipelineSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent in this process: everything between one source and its sinks.
 *
 * <p>One thread calls {@link #start} and {@link #await}, which returns when the agent has ended and everything is closed.
 * Any thread may call {@link #stop}, {@link #hurry} and {@link #status}. Used once.
 */
public final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final AgentConfiguration configuration;
    private final InstantSource clock;
    private final Timing timing;
    private final Instant started;
    private final Metrics metrics = new Metrics();
    private final Shutdown shutdown = new Shutdown();
    private final StopSignal ending = new StopSignal();
    private final AtomicReference<Ending.@Nullable Kind> kind = new AtomicReference<>();
    private final AtomicReference<@Nullable Problem> problem = new AtomicReference<>();
    private final Vitals vitals;
    private final Control control;
    private volatile boolean hurried;

    public Agent(AgentConfiguration configuration, InstantSource clock, Timing timing) {
        this.configuration = configuration;
        this.clock = clock;
        this.timing = timing;
        this.started = clock.instant();
        this.vitals = new Vitals(configuration);
        this.control = new Control(configuration.dataDirectory());
    }

    /**
     * Claims the data directory, opens the journal and sets everything to work. What could not be started undoes what was.
     */
    public void start(EffectiveConfiguration effective) throws StartException {
        StartLog.configuration(effective);
        try {
            startParts();
        } catch (StartException e) {
            shutdown.undo(e);
            throw e;
        } catch (RuntimeException | Error e) {
            shutdown.undo(e);
            throw e;
        }
        vitals.state(AgentState.RUNNING);
    }

    private void startParts() throws StartException {
        shutdown.add("metrics", timing.close(), limit -> closed(metrics::close));
        // I6: claimed before anything else, given up last.
        DataDirectory directory = claim();
        shutdown.addUnbounded("data directory", timing.close(), directory);
        Journal journal = open(directory);
        shutdown.addUnbounded("journal", timing.close(), journal);
        vitals.opened(journal);
        StartLog.resume(journal, configuration);
        AdminServer admin = listen();
        shutdown.add("admin endpoint", timing.close(), limit -> closed(admin::close));
        LOG.info(
                "admin endpoint listens on http://{}:{}/", configuration.admin().host(), admin.port());
        List<Pipeline> pipelines = pipelines(directory, journal);
        StartLog.formerSinks(directory.checkpoints(), configuration);
        vitals.delivering(pipelines);
        shutdown.add("pipelines", timing.close(), limit -> close(pipelines, limit));
        control.over(pipelines);
        pipelines.forEach(Pipeline::start);
        journal.holdersComplete(); // I4: only now may anything be deleted
        shutdown.add("delivery", timing.drain().plusSeconds(1), limit -> drain());
        Capture capture = new Capture(configuration.source(), journal, metrics::captured, clock);
        vitals.capturing(capture);
        shutdown.add("capture", timing.close(), capture::close);
        capture.start();
        StatusMetrics.register(metrics, configuration, vitals);
        WorkerRunner supervisor = new WorkerRunner(
                new Supervisor(vitals, timing, clock, this::end), timing.tick(), this::supervisorFailed);
        vitals.supervisedBy(supervisor);
        shutdown.add("supervisor", timing.close(), supervisor);
        supervisor.start();
    }

    private DataDirectory claim() throws StartException {
        return whenThereIsRoom(() -> DataDirectory.claim(configuration.dataDirectory(), started));
    }

    private Journal open(DataDirectory directory) throws StartException {
        return whenThereIsRoom(() -> Journals.open(directory, configuration.journal(), clock));
    }

    /** What may find the disk full. */
    @FunctionalInterface
    private interface Opening<T> {
        T open() throws JournalException;
    }

    /** On a full disk a start waits: the next one would find no more room, and this one resumes by itself. */
    private <T> T whenThereIsRoom(Opening<T> opening) throws StartException {
        boolean told = false;
        while (true) {
            try {
                return opening.open();
            } catch (JournalException e) {
                if (!e.code().equals("JOURNAL-DISK-FULL")) {
                    throw failed(e);
                }
                if (!told) {
                    LOG.warn("{}: {}; the start waits for room; {}", e.code(), e.getMessage(), e.remedy());
                    told = true;
                }
                if (!pauseBeforeNextAttempt()) {
                    throw failed(e);
                }
            }
        }
    }

    /** @return false when the agent was told to stop */
    private boolean pauseBeforeNextAttempt() {
        try {
            return ending.pause(timing.tick());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Another agent ends, a disk gets room again; what is read-only, remote or damaged stays so. */
    private static StartException failed(JournalException e) {
        boolean mendedByTime = switch (e.code()) {
            case "JOURNAL-LOCKED", "JOURNAL-DISK-FULL", "JOURNAL-IO" -> true;
            default -> false;
        };
        return new StartException(e.code(), String.valueOf(e.getMessage()), e.remedy(), mendedByTime, e);
    }

    private AdminServer listen() throws StartException {
        try {
            return AdminServer.start(configuration.admin(), new View());
        } catch (AdminException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), e.remedy(), true, e);
        }
    }

    private List<Pipeline> pipelines(DataDirectory directory, Journal journal) throws StartException {
        List<Pipeline> pipelines = new ArrayList<>();
        SplittableRandom random = new SplittableRandom();
        int combining = (int) configuration.sinks().stream()
                .filter(sink -> sink.definition().combines())
                .count();
        for (SinkConfiguration sink : configuration.sinks()) {
            PipelineSettings settings = PipelineSettings.of(sink.name(), sink.type());
            pipelines.add(new Pipeline(
                    sink.definition().combines() ? settings.wideningFor(combining) : settings,
                    sink.definition(),
                    sink.wanted(),
                    journal,
                    directory.checkpoints(),
                    whenThereIsRoom(() -> directory.sink(sink.name())),
                    configuration.name(),
                    sink.rejects(),
                    DeadLetterLog.file(configuration.dataDirectory(), sink.name()),
                    new SinkMetrics(metrics, sink.name()),
                    clock,
                    random.split()));
        }
        return pipelines;
    }

    /** Begins an orderly stop: capture first, then what is readable is delivered within a bound, then the rest. */
    public void stop() {
        end(Ending.Kind.STOPPED, null);
    }

    /** After {@link #stop}: waits for nothing any more. What is not delivered is delivered after the next start. */
    public void hurry() {
        hurried = true;
        stop();
        shutdown.hurry();
    }

    /** The first cause counts. */
    private void end(Ending.Kind cause, @Nullable Problem why) {
        if (kind.compareAndSet(null, cause)) {
            problem.set(why);
        }
        ending.raise();
    }

    private void supervisorFailed(String role, Throwable failure) {
        LOG.error("AGENT-INTERNAL: {} failed; the agent ends so that it can be started anew", role, failure);
        end(
                Ending.Kind.FAILED,
                new Problem("AGENT-INTERNAL", role + " failed: " + failure, "Report it with the log; start again."));
    }

    /** Waits until the agent ends by itself or is stopped, and closes everything in reverse order. */
    public Ending await() throws InterruptedException {
        ending.await();
        vitals.state(AgentState.STOPPING);
        LOG.info(
                "stopping: capture first, then up to {} s for what is journaled",
                timing.drain().toSeconds());
        boolean clean = true;
        try {
            shutdown.close();
        } catch (IncompleteShutdownException e) {
            clean = false;
            LOG.warn("{}; nothing is lost, the next start recovers", e.getMessage());
            for (Throwable part : e.getSuppressed()) {
                boolean late = part instanceof IncompleteShutdownException;
                LOG.warn("{}", late ? part.getMessage() : "a part failed while it stopped", late ? null : part);
            }
        }
        vitals.state(AgentState.STOPPED);
        LOG.info("stopped");
        Ending.Kind how = kind.get();
        return new Ending(how == null ? Ending.Kind.STOPPED : how, problem.get(), clean);
    }

    public StatusReport status() {
        return vitals.report();
    }

    /** Waits while pipelines deliver what is readable. What remains is no failure: the journal keeps it. */
    private boolean drain() throws InterruptedException {
        long until = System.nanoTime() + timing.drain().toNanos(); // the clock may be set meanwhile
        StopSignal never = new StopSignal();
        while (!hurried && vitals.delivering() && System.nanoTime() - until < 0) {
            never.pause(Duration.ofMillis(20));
        }
        long left = vitals.report().sinks().stream()
                .mapToLong(StatusReport.SinkPart::pendingEvents)
                .sum();
        LOG.info("delivery stops{}", left == 0 ? ": everything is delivered" : " with about " + left + " changes left");
        return true;
    }

    private static boolean close(List<Pipeline> pipelines, Duration limit) {
        // All finish their batch in flight at the same time; then each is closed with its share.
        pipelines.forEach(Pipeline::pause);
        boolean closed = true;
        for (int i = 0; i < pipelines.size(); i++) {
            closed &= pipelines.get(i).close(limit.dividedBy(pipelines.size()));
        }
        return closed;
    }

    private static boolean closed(Runnable close) {
        close.run();
        return true;
    }

    private final class View implements AdminView {
        @Override
        public boolean alive() {
            return vitals.alive();
        }

        @Override
        public StatusReport status() {
            return vitals.report();
        }

        @Override
        public String metrics() {
            return metrics.scrape();
        }

        @Override
        public Approval approve(String sink, String table, String operator) {
            return control.approve(sink, table, operator);
        }

        @Override
        public boolean order(SinkOrder order, String sink, String operator, String reason) throws IOException {
            return control.order(order, sink, operator, reason);
        }
    }
}
