package dev.tailrace.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The agent at one moment, as {@code /api/status} and {@code status --json} show it. Documented in docs/cli.md.
 *
 * @param sinks in the order of the configuration
 * @param warnings what goes on for now but will not for ever, such as a disk that is filling up
 */
public record StatusReport(
        AgentPart agent, SourcePart source, JournalPart journal, List<SinkPart> sinks, List<Problem> warnings) {

    /** States of the agent itself. */
    public enum AgentState {
        STARTING,
        RUNNING,
        /** Capture is halted; what is journaled is still being delivered. */
        DRAINING,
        STOPPING,
        STOPPED
    }

    /**
     * @param epoch number of this start on its data directory, 0 before the journal is open
     * @param uptimeS seconds since the start, 0 when stopped
     */
    public record AgentPart(String name, AgentState state, long epoch, long uptimeS, String version) {}

    /**
     * @param state {@code starting | snapshot | streaming | waiting | blocked | halted | stopped}
     * @param position in the source's own words, empty before the first
     * @param lagMs between the newest commit seen and now, null when unknown
     * @param log what the source keeps of its log for us, null while that is unknown
     */
    public record SourcePart(
            String type,
            String state,
            String position,
            @Nullable Long lagMs,
            @Nullable SnapshotPart snapshot,
            @Nullable Problem lastError,
            @Nullable SourceLogPart log) {}

    /**
     * The source's log, as far as it is kept for us. What is null is unknown, or there is no such limit.
     *
     * @param state PostgreSQL: {@code reserved | extended | unreserved | lost}; MySQL: the file that is needed next
     * @param retainedBytes from the place that is needed next to the log's end
     * @param limitBytes what the source keeps for us at most
     * @param leftBytes what may be written to the log before it deletes what is needed
     * @param bytesPerSecond the log's growth of late
     * @param hoursLeft how long the log lasts at that rate if nothing of it is read
     */
    public record SourceLogPart(
            String state,
            long retainedBytes,
            @Nullable Long limitBytes,
            @Nullable Long leftBytes,
            long bytesPerSecond,
            @Nullable Double hoursLeft) {}

    /**
     * An initial snapshot on its way.
     *
     * @param percent of the expected rows, never falling, 100 only at the end; null when unknown
     * @param remainingS estimated, null when unknown
     */
    public record SnapshotPart(
            long rows,
            int tables,
            int tablesDone,
            @Nullable Integer percent,
            double rowsPerSecond,
            @Nullable Long remainingS) {}

    /**
     * @param hoursLeft how long the journal takes what comes at the present rate while no sink passes anything; null when
     *     nothing comes
     * @param neededBytes what a sink still needs; the rest is history, which goes first
     * @param reserveBytes what stays free on the file system
     * @param level {@code ok | history} (deleted early for want of room) {@code | low} (capture will have to wait)
     *     {@code | waiting} (it does)
     */
    public record JournalPart(
            long firstSequence,
            long durableSequence,
            long bytes,
            @Nullable Double hoursLeft,
            long maxBytes,
            long usableBytes,
            long neededBytes,
            long reserveBytes,
            long bytesPerSecond,
            @Nullable String level) {}

    /**
     * @param state {@code starting | running | retrying | paused | halted | stopped}
     * @param lagMs age of the oldest change not yet delivered, 0 when there is none, null when unknown
     */
    public record SinkPart(
            String name,
            String type,
            String state,
            long appliedSequence,
            long pendingEvents,
            @Nullable Long lagMs,
            long deadLetters,
            long parkedKeys,
            List<HeldPart> held,
            @Nullable Problem lastError) {
        @SuppressWarnings("NullAway") // absent in the report of an older agent
        public SinkPart {
            held = held == null ? List.of() : List.copyOf(held);
        }
    }

    /**
     * A table that waits while the sink's others go on.
     *
     * @param state {@code held}, or {@code catching-up} once it is approved
     * @param firstSequence the journal is kept from this frame on
     * @param sinceMs commit time of the transaction that it began with, milliseconds since 1970-01-01T00:00:00Z
     * @param plan the statements that the target needs
     */
    public record HeldPart(
            String table,
            String state,
            long firstSequence,
            long sinceMs,
            String code,
            String reason,
            List<String> plan) {
        public HeldPart {
            plan = List.copyOf(plan);
        }
    }

    /** An error with its stable code and what to do about it. */
    public record Problem(String code, String message, String remedy) {}

    @SuppressWarnings("NullAway") // absent in the report of an older agent
    public StatusReport {
        sinks = List.copyOf(sinks);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }

    /**
     * Why the agent is not doing its whole work, in words for an operator; empty when it is. A target that cannot be
     * reached for now is the target's trouble, not a reason: its pipeline is at work retrying.
     */
    public List<String> notReady() {
        List<String> reasons = new ArrayList<>();
        if (agent.state != AgentState.RUNNING) {
            reasons.add("agent is " + agent.state.name().toLowerCase(Locale.ROOT));
        }
        if (!source.state.equals("snapshot") && !source.state.equals("streaming")) {
            reasons.add("source is " + source.state + because(source.lastError));
        }
        for (SinkPart sink : sinks) {
            if (!sink.state.equals("running") && !sink.state.equals("retrying")) {
                reasons.add("sink " + sink.name + " is " + sink.state + because(sink.lastError));
            }
        }
        return reasons;
    }

    private static String because(@Nullable Problem problem) {
        return problem == null ? "" : ": " + problem.code + ": " + problem.message;
    }
}
