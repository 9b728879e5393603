package dev.tailrace.agent;

import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.pipeline.PipelineState;
import dev.tailrace.pipeline.PipelineStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds sinks that say they run and do not move: their thread is inside of one call to the target. What ends such a call is
 * the sink's own limit ({@code statement-timeout}, {@code timeout}); a change of a table's shape and a disk that hangs have
 * none. Logged when it begins and when it is over.
 *
 * <p>The supervisor's thread looks; any thread may ask.
 */
final class SinkWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SinkWatch.class);

    /** Longer than a statement may take by default. */
    private static final Duration STILL = Duration.ofMinutes(2);

    private final LongSupplier nanoTime;
    private final Map<String, Seen> seen = new HashMap<>();
    private volatile List<Problem> warnings = List.of();

    private record Seen(long rounds, long sinceNanos, boolean told) {}

    /** @param nanoTime a clock that nobody sets */
    SinkWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void look(List<PipelineStatus> sinks) {
        List<Problem> now = new ArrayList<>();
        long nanos = nanoTime.getAsLong();
        for (PipelineStatus sink : sinks) {
            Seen before = seen.get(sink.name());
            boolean atWork = sink.state() == PipelineState.RUNNING || sink.state() == PipelineState.STARTING;
            if (!atWork || before == null || before.rounds != sink.rounds()) {
                if (before != null && before.told) {
                    LOG.info("SINK-STILL is over: sink {} moves again", sink.name());
                }
                seen.put(sink.name(), new Seen(sink.rounds(), nanos, false));
                continue;
            }
            Duration still = Duration.ofNanos(nanos - before.sinceNanos);
            if (still.compareTo(STILL) >= 0) {
                Problem problem = problem(sink, still);
                now.add(problem);
                if (!before.told) {
                    LOG.warn("{}: {}; {}", problem.code(), problem.message(), problem.remedy());
                    seen.put(sink.name(), new Seen(before.rounds, before.sinceNanos, true));
                }
            }
        }
        warnings = List.copyOf(now);
    }

    private static Problem problem(PipelineStatus sink, Duration still) {
        return new Problem(
                "SINK-STILL",
                "sink " + sink.name() + " waits for its target in one call since " + still.toMinutes() + " min, and "
                        + sink.pendingEvents() + " changes wait for it",
                "look at the target: who holds a lock, what runs there; statement-timeout or timeout of the sink ends"
                        + " the call, a change of a table's shape may take long");
    }

    /** What is true now, in words for an operator. */
    List<Problem> warnings() {
        return warnings;
    }
}
