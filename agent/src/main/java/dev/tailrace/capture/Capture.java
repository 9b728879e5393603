package dev.tailrace.capture;

import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalException;
import dev.tailrace.lifecycle.Backoff;
import dev.tailrace.lifecycle.IncompleteShutdownException;
import dev.tailrace.lifecycle.Shutdown;
import dev.tailrace.lifecycle.StopSignal;
import dev.tailrace.lifecycle.Worker;
import dev.tailrace.lifecycle.WorkerRunner;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures one source into the journal, for ever: checks the source before each start (I9), runs the engine, restarts it
 * with growing pauses while the source is out of reach, and halts on what only an operator can mend. A halt whose error
 * code begins with {@code JOURNAL-} means that the journal itself must be opened anew.
 *
 * <p>Any thread may ask for the status; start and close belong to the agent.
 */
public final class Capture {
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration END = Duration.ofSeconds(30);

    private static final Duration WATCH = Duration.ofSeconds(1);
    private static final Duration LOOK_AT_LOG = Duration.ofSeconds(10);

    /** A stream that cannot be put together is read again this often before an operator is called. */
    private static final int BROKEN_STREAMS = 3;

    private final SourceDefinition source;
    private final Journal journal;
    private final SpaceGate space;
    private final LogWatch log;
    private final WorkerRunner logRunner;
    private final EngineStarter starter;
    private final StopSignal stop = new StopSignal();
    private final WorkerRunner runner;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, new SplittableRandom());
    private final Outage outage = new Outage();

    private final AtomicLong restarts = new AtomicLong();
    private volatile State state = State.STARTING;
    private volatile @Nullable Finding lastError;
    private volatile @Nullable EngineRun engine;
    private volatile @Nullable Finding seen;

    public Capture(SourceDefinition source, Journal journal, CaptureListener listener, InstantSource clock) {
        this.source = source;
        this.journal = journal;
        this.space = new SpaceGate(journal);
        this.starter = new EngineStarter(source, journal, space, listener, clock);
        this.log = new LogWatch(source.logMeter(), journal, clock);
        this.logRunner = new WorkerRunner(log, LOOK_AT_LOG, (role, failure) -> LOG.error("{} ended", role, failure));
        this.runner = new WorkerRunner(new Supervisor(), FIRST_PAUSE, this::supervisorFailed, stop);
    }

    /** Begins to work in its own thread and returns at once. */
    public void start() {
        runner.start();
        logRunner.start();
    }

    public CaptureStatus status() {
        EngineRun run = engine;
        Finding blocked = space.blockedBy();
        State now = state(run, blocked);
        boolean reading = run != null && state == State.STREAMING;
        boolean snapshotting = reading && run != null && run.records().isSnapshotting();
        String position = journal.durableTail()
                .offset()
                .map(offset -> offset.position().toString())
                .orElse("");
        return new CaptureStatus(
                now,
                position,
                reading && run != null ? run.records().lagMicros() : -1,
                snapshotting && run != null ? run.records().snapshotProgress() : null,
                log.seen(),
                now == State.BLOCKED ? blocked : lastError);
    }

    private State state(@Nullable EngineRun run, @Nullable Finding blocked) {
        State now = state;
        if (now == State.HALTED || now == State.STOPPED) {
            return now;
        }
        if (blocked != null) {
            return State.BLOCKED;
        }
        if (run == null || now != State.STREAMING) {
            return now;
        }
        if (!run.isPolling()) {
            return State.STARTING;
        }
        return run.records().isSnapshotting() ? State.SNAPSHOT : State.STREAMING;
    }

    /**
     * Stops: what was appended is fsynced, the slot is released. Idempotent.
     *
     * @return false when the engine did not end in time and was abandoned
     */
    public boolean close(Duration atMost) {
        stop.raise();
        EngineRun run = engine;
        if (run != null) {
            closeEngine(run, atMost.dividedBy(3));
        }
        // It only looks: one that waits for a server is left alone, and is gone a few seconds later.
        logRunner.close(Duration.ofMillis(500));
        boolean closed = runner.close(atMost.dividedBy(3));
        state = State.STOPPED;
        return closed;
    }

    private void closeEngine(EngineRun run, Duration atMost) {
        try {
            run.stopTaking(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Shutdown apart = new Shutdown();
        apart.addUnbounded("the engine", atMost, run::close);
        try {
            apart.close();
        } catch (IncompleteShutdownException e) {
            LOG.warn("the engine did not end within {}; ending its connection at the source", atMost);
            source.abandon();
        }
    }

    /** I9: the engine ends at once; what it reads from now on has holes, or it reads nothing any more. */
    private void seen(EngineStarter.Start start, EngineRun run, Finding found) {
        seen = found;
        boolean dead = found.severity() != Severity.FATAL;
        if (dead) {
            if (found.code().equals(SourceErrors.STUCK)) {
                restarts.incrementAndGet();
            }
            run.refuse(); // I1: from here on nothing is taken, whatever the broken connections bring about
            start.cut();
        }
        closeEngine(run, CLOSE);
        if (dead && !run.awaitEnd(END)) {
            halt(new Finding(
                    "CAPTURE-STUCK",
                    "source",
                    found.message() + "; and the engine does not end within " + END.toSeconds() + " seconds",
                    "nothing: the agent ends, and the next start reads on behind the journal's end",
                    Severity.FATAL));
        }
    }

    /** How many engines were ended because they stood still. */
    public long restarts() {
        return restarts.get();
    }

    private void supervisorFailed(String role, Throwable failure) {
        LOG.error("{} ended", role, failure);
        halt(new Finding(
                "CAPTURE-FAILED",
                "source",
                "the capture ended: " + SourceErrors.firstLine(failure),
                "report this with the log; a restart of the agent reads on from the journal's end",
                Severity.FATAL));
    }

    private void halt(Finding finding) {
        lastError = finding;
        state = State.HALTED;
        LOG.error("capture halted: {}: {}\n  {}", finding.code(), finding.message(), finding.remedy());
    }

    /** Starts the engine again and again. */
    private final class Supervisor implements Worker {
        private int brokenStreams;
        private @Nullable Throwable defect;

        @Override
        public String roleName() {
            return "tailrace-capture";
        }

        @Override
        public boolean doWork() throws InterruptedException {
            if (state == State.HALTED) {
                return false;
            }
            Finding failure = attempt();
            if (stop.isRaised() || state == State.HALTED) {
                return false;
            }
            if (failure == null) {
                return true;
            }
            if (failure.severity() == Severity.FATAL) {
                halt(failure);
                return false;
            }
            Duration pause = backoff.next();
            lastError = failure;
            state = State.WAITING;
            outage.failed(failure, pause, defect);
            stop.pause(pause);
            return true;
        }

        /** One start and one life of the engine; what ended it, null after a close. */
        private @Nullable Finding attempt() throws InterruptedException {
            state = State.STARTING;
            defect = null;
            if (!space.await(stop)) { // I4: what a start writes needs room, too
                return null;
            }
            try {
                EngineStarter.Start start = starter.start();
                if (start.refusal() != null) {
                    return start.refusal();
                }
                return run(start);
            } catch (SQLException e) {
                return source.explain(e);
            } catch (JournalException e) {
                return journalFailure(e);
            }
        }

        private @Nullable Finding run(EngineStarter.Start start) {
            EngineRun run = start.engine();
            engine = run;
            WorkerRunner watch = new WorkerRunner(
                    start.watch(found -> seen(start, run, found)),
                    WATCH,
                    (role, failure) -> LOG.error("{} ended", role, failure));
            try {
                if (stop.isRaised()) {
                    return null;
                }
                state = State.STREAMING;
                lastError = null;
                watch.start();
                Throwable failure = run.run();
                if (run.hasProgressed()) {
                    backoff.reset();
                    outage.over();
                }
                if (run.records().isSnapshotting()) {
                    LOG.info("the initial snapshot is interrupted; it starts over with the next start");
                }
                Finding told = seen;
                if (told != null || failure == null) {
                    return told;
                }
                Finding found = start.explain(failure).orElseGet(() -> explain(failure, run.hasProgressed()));
                return starter.passesOver(start, found) ? null : found;
            } finally {
                watch.close(CLOSE);
                seen = null;
                engine = null;
                starter.ended(start);
            }
        }

        private Finding explain(Throwable failure, boolean progressed) {
            if (failure instanceof JournalException journalFailure) {
                return journalFailure(journalFailure);
            }
            if (failure instanceof CaptureException broken) {
                defect = broken;
                brokenStreams = progressed ? 1 : brokenStreams + 1;
                return new Finding(
                        broken.code(),
                        "source",
                        broken.getMessage() == null ? "" : broken.getMessage(),
                        "report this with the log; nothing of that transaction was journaled",
                        brokenStreams >= BROKEN_STREAMS ? Severity.FATAL : Severity.TRANSIENT);
            }
            SQLException sql = SourceErrors.sqlCause(failure);
            if (sql != null) {
                return source.explain(sql);
            }
            defect = failure;
            return new Finding(
                    "SOURCE-ENGINE-FAILED",
                    "source",
                    "the engine ended: " + SourceErrors.deepestLine(failure),
                    "see the log; the agent keeps trying",
                    Severity.TRANSIENT);
        }

        private Finding journalFailure(JournalException e) {
            return new Finding(
                    e.code(),
                    "journal",
                    SourceErrors.firstLine(e),
                    e.remedy(),
                    e.fatal() ? Severity.FATAL : Severity.TRANSIENT);
        }
    }
}
