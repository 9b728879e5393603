package dev.tailrace.agent;

import dev.tailrace.admin.StatusReport;
import dev.tailrace.admin.StatusReport.AgentPart;
import dev.tailrace.admin.StatusReport.AgentState;
import dev.tailrace.admin.StatusReport.HeldPart;
import dev.tailrace.admin.StatusReport.JournalPart;
import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.admin.StatusReport.SinkPart;
import dev.tailrace.admin.StatusReport.SnapshotPart;
import dev.tailrace.admin.StatusReport.SourceLogPart;
import dev.tailrace.admin.StatusReport.SourcePart;
import dev.tailrace.capture.Capture;
import dev.tailrace.capture.CaptureStatus;
import dev.tailrace.capture.SnapshotProgress;
import dev.tailrace.capture.SourceLog;
import dev.tailrace.config.Finding;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalStatus;
import dev.tailrace.lifecycle.WorkerRunner;
import dev.tailrace.pipeline.Pipeline;
import dev.tailrace.pipeline.PipelineError;
import dev.tailrace.pipeline.PipelineState;
import dev.tailrace.pipeline.PipelineStatus;
import dev.tailrace.sink.HeldTable;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parts of a running agent as far as they are there, and what they say of themselves. Thread-safe. */
final class Vitals {
    /** A round takes milliseconds; only one that waits for a part that hangs takes so long. */
    private static final Duration STANDSTILL = Duration.ofMinutes(1);

    private final AgentConfiguration configuration;
    private final long startedNanos = System.nanoTime();
    private volatile AgentState state = AgentState.STARTING;
    private volatile @Nullable Journal journal;
    private volatile @Nullable Capture capture;
    private volatile @Nullable WorkerRunner supervisor;
    private volatile List<Pipeline> pipelines = List.of();
    private volatile @Nullable JournalStatus lastJournal;
    private volatile long turnedNanos = System.nanoTime();
    private final DiskLadder disk = new DiskLadder();
    private final SinkWatch sinks = new SinkWatch(System::nanoTime);

    Vitals(AgentConfiguration configuration) {
        this.configuration = configuration;
    }

    void state(AgentState now) {
        state = now;
    }

    AgentState state() {
        return state;
    }

    void opened(Journal opened) {
        journal = opened;
    }

    void capturing(Capture begun) {
        capture = begun;
    }

    void delivering(List<Pipeline> begun) {
        pipelines = List.copyOf(begun);
    }

    void supervisedBy(WorkerRunner runner) {
        turned();
        supervisor = runner;
    }

    /** Whether the supervisor turns, or has not been reached by the start yet: else a new start would help. */
    boolean alive() {
        WorkerRunner runner = supervisor;
        if (runner == null || state == AgentState.STOPPING) {
            return true;
        }
        return !runner.hasEnded() && System.nanoTime() - turnedNanos < STANDSTILL.toNanos();
    }

    /** The supervisor has begun another round. */
    void turned() {
        turnedNanos = System.nanoTime();
    }

    /** How many engines were ended because they stood still. */
    long sourceRestarts() {
        Capture current = capture;
        return current == null ? 0 : current.restarts();
    }

    @Nullable
    CaptureStatus captureStatus() {
        Capture current = capture;
        return current == null ? null : current.status();
    }

    List<PipelineStatus> pipelineStatuses() {
        return pipelines.stream().map(Pipeline::status).toList();
    }

    /** Whether a pipeline that is able to still has something to deliver. */
    boolean delivering() {
        return pipelineStatuses().stream().anyMatch(p -> isAble(p.state()) && p.pendingEvents() > 0);
    }

    /** Rows of the newest snapshot, as far as they are journaled. */
    long snapshotEvents() {
        Journal current = journal;
        return current == null ? 0 : current.durableTail().snapshotEvents();
    }

    /** The error of a pipeline whose thread died; null when all live. */
    @Nullable
    Problem deadPipeline() {
        for (Pipeline pipeline : pipelines) {
            if (pipeline.hasEnded()) {
                PipelineStatus status = pipeline.status();
                PipelineError error = status.lastError();
                return error == null
                        ? new Problem("AGENT-INTERNAL", "the thread of sink " + status.name() + " ended", "")
                        : problem(error);
            }
        }
        return null;
    }

    private static @Nullable Problem problem(@Nullable PipelineError error) {
        return error == null ? null : new Problem(error.code(), error.message(), error.remedy());
    }

    /** Whether anything readable is missing at a sink that is at work or trying to be. */
    boolean undelivered() {
        return pipelineStatuses().stream()
                .anyMatch(p -> (isAble(p.state()) || p.state() == PipelineState.RETRYING) && p.pendingEvents() > 0);
    }

    private static boolean isAble(PipelineState state) {
        return state == PipelineState.RUNNING || state == PipelineState.STARTING;
    }

    /** What the journal last said; null before it is open. */
    @Nullable
    JournalStatus journalStatus() {
        Journal current = journal;
        if (current == null) {
            return null;
        }
        if (state != AgentState.STOPPED) {
            try {
                lastJournal = current.status();
            } catch (RuntimeException e) {
                // closed in this very moment: what it said last is what it is
                return lastJournal;
            }
        }
        return lastJournal;
    }

    StatusReport report() {
        Journal current = journal;
        AgentPart agent = new AgentPart(
                configuration.name(),
                state,
                current == null ? 0 : current.epoch(),
                // by the clock that nobody sets
                Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds(),
                Version.current().tailrace());
        return new StatusReport(
                agent,
                source(),
                journalPart(),
                pipelineStatuses().stream().map(Vitals::sink).toList(),
                Stream.concat(disk.warnings().stream(), sinks.warnings().stream())
                        .toList());
    }

    private SourcePart source() {
        CaptureStatus status = captureStatus();
        String type = configuration.source().settings().type();
        if (status == null) {
            return new SourcePart(type, "starting", "", null, null, null, null);
        }
        return new SourcePart(
                type,
                status.state().name().toLowerCase(Locale.ROOT),
                status.position(),
                status.lagMicros() < 0 ? null : status.lagMicros() / 1000,
                snapshot(status.snapshot()),
                problem(status.lastError()),
                log(status.log()));
    }

    private static @Nullable SourceLogPart log(@Nullable SourceLog log) {
        return log == null
                ? null
                : new SourceLogPart(
                        log.state(),
                        log.retainedBytes(),
                        log.limitBytes(),
                        log.leftBytes(),
                        Math.round(log.bytesPerSecond()),
                        hours(log.secondsLeft()));
    }

    private static @Nullable Double hours(double seconds) {
        return Double.isInfinite(seconds) ? null : Math.round(seconds / 360) / 10.0;
    }

    /** Looks at what is running out; the supervisor's thread. */
    void lookAtDisks() {
        JournalStatus status = journalStatus();
        CaptureStatus captured = captureStatus();
        if (status != null && captured != null) {
            disk.look(status, captured.log(), furthestBehind());
        }
    }

    /** Looks for sinks that do not move; the supervisor's thread. */
    void lookAtSinks() {
        sinks.look(pipelineStatuses());
    }

    private String furthestBehind() {
        return pipelineStatuses().stream()
                .filter(pipeline -> pipeline.pendingEvents() > 0)
                .min(Comparator.comparingLong(PipelineStatus::appliedSequence))
                .map(PipelineStatus::name)
                .orElse("");
    }

    DiskLadder disk() {
        return disk;
    }

    private static @Nullable SnapshotPart snapshot(@Nullable SnapshotProgress progress) {
        return progress == null
                ? null
                : new SnapshotPart(
                        progress.rowsDone(),
                        progress.tablesTotal(),
                        progress.tablesDone(),
                        progress.percent() < 0 ? null : (int) progress.percent(),
                        progress.rowsPerSecond(),
                        progress.secondsLeft() < 0 ? null : progress.secondsLeft());
    }

    static @Nullable Problem problem(@Nullable Finding finding) {
        return finding == null ? null : new Problem(finding.code(), finding.message(), finding.remedy());
    }

    private JournalPart journalPart() {
        JournalStatus status = journalStatus();
        return status == null
                ? new JournalPart(
                        0,
                        0,
                        0,
                        null,
                        configuration.journal().maximumSize().bytes(),
                        0,
                        0,
                        configuration.journal().reserve().bytes(),
                        0,
                        null)
                : journalPart(status, disk.level());
    }

    static JournalPart journalPart(JournalStatus status, DiskLadder.Level level) {
        return new JournalPart(
                status.firstSequence(),
                status.durableSequence(),
                status.bytes(),
                hours(status.secondsLeft()),
                status.maximumBytes(),
                status.usableBytes(),
                status.neededBytes(),
                status.reserveBytes(),
                Math.round(status.bytesPerSecond()),
                level.name().toLowerCase(Locale.ROOT));
    }

    private static HeldPart held(HeldTable table) {
        return new HeldPart(
                table.table().toString(),
                table.approved() ? "catching-up" : "held",
                table.after() + 1,
                table.sinceMicros() / 1000,
                table.code(),
                table.reason(),
                table.plan());
    }

    private static SinkPart sink(PipelineStatus status) {
        return new SinkPart(
                status.name(),
                status.type(),
                status.state().label(),
                status.appliedSequence(),
                status.pendingEvents(),
                status.lagMicros() < 0 ? null : status.lagMicros() / 1000,
                status.deadLetters().dead(),
                status.deadLetters().parkedRows(),
                Objects.requireNonNullElse(status.held(), List.<HeldTable>of()).stream()
                        .map(Vitals::held)
                        .toList(),
                problem(status.lastError()));
    }
}
