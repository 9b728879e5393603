package dev.tailrace.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The agent at one moment, as {@code /api/status} and {@code status --json} show it. Documented in docs/cli.md.
 *
 * @param sinks in the order of the configuration
 */
public record StatusReport(AgentPart agent, SourcePart source, JournalPart journal, List<SinkPart> sinks) {

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
     */
    public record SourcePart(
            String type,
            String state,
            String position,
            @Nullable Long lagMs,
            @Nullable SnapshotPart snapshot,
            @Nullable Problem lastError) {}

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

    /** @param hoursLeft until the disk budget is used up at the present growth, null when it does not grow */
    public record JournalPart(
            long firstSequence,
            long durableSequence,
            long bytes,
            @Nullable Double hoursLeft,
            long maxBytes,
            long usableBytes) {}

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

    public StatusReport {
        sinks = List.copyOf(sinks);
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
