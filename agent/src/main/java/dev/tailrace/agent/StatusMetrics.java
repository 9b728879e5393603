package dev.tailrace.agent;

import dev.tailrace.admin.Metrics;
import dev.tailrace.capture.CaptureStatus;
import dev.tailrace.capture.SourceLog;
import dev.tailrace.journal.JournalStatus;
import dev.tailrace.pipeline.PipelineState;
import dev.tailrace.pipeline.PipelineStatus;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** The metrics that are read from the parts' status when somebody asks. */
final class StatusMetrics {
    private static final double MICROS = 1e6;

    private StatusMetrics() {}

    static void register(Metrics metrics, AgentConfiguration configuration, Vitals vitals) {
        metrics.gauge("tailrace.source.lag.seconds", "How far the journal is behind the source's commits", () -> {
            CaptureStatus status = vitals.captureStatus();
            return status == null || status.lagMicros() < 0 ? Double.NaN : status.lagMicros() / MICROS;
        });
        metrics.gauge("tailrace.source.up", "1 while the source is read, else 0", () -> {
            CaptureStatus status = vitals.captureStatus();
            return status != null
                            && (status.state() == CaptureStatus.State.SNAPSHOT
                                    || status.state() == CaptureStatus.State.STREAMING)
                    ? 1
                    : 0;
        });
        metrics.tableCounter(
                "tailrace.source.zero.dates",
                "Dates that no calendar has, met at the source",
                configuration.source()::zeroDates);
        metrics.counter(
                "tailrace.source.restarts", "Engines that were ended because they stood still", vitals::sourceRestarts);
        metrics.gauge(
                "tailrace.source.log.retained.bytes",
                "What the source keeps of its log for the agent",
                log(vitals, SourceLog::retainedBytes));
        metrics.gauge(
                "tailrace.source.log.left.bytes",
                "What may be written to the source's log before it deletes what is needed",
                log(vitals, log -> log.leftBytes() == null ? Double.NaN : log.leftBytes()));
        metrics.gauge(
                "tailrace.source.log.left.seconds",
                "How long the source's log lasts at the present rate if nothing of it is read",
                log(vitals, SourceLog::secondsLeft));
        metrics.gauge(
                "tailrace.journal.needed.bytes",
                "What a sink still needs of the journal",
                journal(vitals, JournalStatus::neededBytes));
        metrics.gauge(
                "tailrace.journal.left.seconds",
                "How long the journal takes what comes at the present rate while no sink passes anything",
                journal(vitals, JournalStatus::secondsLeft));
        metrics.gauge(
                "tailrace.journal.level",
                "0 all is well, 1 history is deleted early, 2 room is running out, 3 capture waits for room",
                () -> vitals.disk().level().ordinal());
        metrics.gauge("tailrace.journal.bytes", "Disk used by the journal", journal(vitals, JournalStatus::bytes));
        metrics.gauge(
                "tailrace.journal.max.bytes",
                "The journal's disk budget",
                journal(vitals, JournalStatus::maximumBytes));
        metrics.gauge(
                "tailrace.journal.usable.bytes",
                "What the journal's file system has left",
                journal(vitals, JournalStatus::usableBytes));
        metrics.gauge(
                "tailrace.journal.durable.sequence",
                "Number of the newest fsynced frame",
                journal(vitals, JournalStatus::durableSequence));
        configuration.sinks().forEach(sink -> sink(metrics, vitals, sink.name()));
    }

    private static void sink(Metrics metrics, Vitals vitals, String sink) {
        metrics.sink(sink);
        metrics.sinkGauge(
                "tailrace.sink.up",
                "1 while the sink delivers or has nothing to deliver, else 0",
                sink,
                of(vitals, sink, p -> p.state() == PipelineState.RUNNING ? 1 : 0));
        metrics.sinkGauge(
                "tailrace.sink.pending.events",
                "Changes that are not durable at the target, estimated",
                sink,
                of(vitals, sink, PipelineStatus::pendingEvents));
        metrics.sinkGauge(
                "tailrace.sink.oldest.pending.seconds",
                "Age of the oldest change that is not durable at the target",
                sink,
                of(vitals, sink, p -> p.lagMicros() < 0 ? Double.NaN : p.lagMicros() / MICROS));
        metrics.sinkGauge(
                "tailrace.sink.applied.sequence",
                "Number of the last frame that is durable at the target",
                sink,
                of(vitals, sink, PipelineStatus::appliedSequence));
        metrics.sinkGauge(
                "tailrace.sink.held.tables",
                "Tables whose changes wait for somebody to approve of their new shape",
                sink,
                of(vitals, sink, p -> p.held() == null ? Double.NaN : p.held().size()));
        metrics.sinkGauge(
                "tailrace.sink.dead.letters",
                "Refused changes that wait for an operator",
                sink,
                of(vitals, sink, p -> p.deadLetters().dead()));
        metrics.sinkGauge(
                "tailrace.sink.parked.rows",
                "Rows whose changes wait behind a refused one",
                sink,
                of(vitals, sink, p -> p.deadLetters().parkedRows()));
        metrics.sinkCounter(
                "tailrace.dead.letters",
                "Changes put into the dead-letter log",
                sink,
                of(vitals, sink, p -> p.deadLetters().everDead()));
    }

    private static DoubleSupplier log(Vitals vitals, ToDoubleFunction<SourceLog> value) {
        return () -> {
            CaptureStatus status = vitals.captureStatus();
            SourceLog log = status == null ? null : status.log();
            return log == null ? Double.NaN : value.applyAsDouble(log);
        };
    }

    private static DoubleSupplier journal(Vitals vitals, ToDoubleFunction<JournalStatus> value) {
        return () -> {
            JournalStatus status = vitals.journalStatus();
            return status == null ? Double.NaN : value.applyAsDouble(status);
        };
    }

    private static DoubleSupplier of(Vitals vitals, String sink, ToDoubleFunction<PipelineStatus> value) {
        return () -> vitals.pipelineStatuses().stream()
                .filter(status -> status.name().equals(sink))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }
}
