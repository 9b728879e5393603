package dev.tailrace.agent;

import dev.tailrace.admin.StatusReport.AgentState;
import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.capture.CaptureStatus;
import dev.tailrace.capture.SnapshotProgress;
import dev.tailrace.config.Finding;
import dev.tailrace.lifecycle.Worker;
import dev.tailrace.pipeline.PipelineStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the parts of the agent: logs the source's states and a snapshot's progress, and ends the agent when the source
 * halted and everything journaled has been delivered. One thread.
 */
final class Supervisor implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** Where the supervisor orders the end. */
    interface End {
        void end(Ending.Kind kind, @Nullable Problem problem);
    }

    private final Vitals vitals;
    private final Timing timing;
    private final InstantSource clock;
    private final End end;
    private CaptureStatus.@Nullable State seen;
    private @Nullable Instant awaySince;
    private Instant nextProgress = Instant.MIN;
    private long applied = -1;
    private Instant lastMove = Instant.MIN;

    Supervisor(Vitals vitals, Timing timing, InstantSource clock, End end) {
        this.vitals = vitals;
        this.timing = timing;
        this.clock = clock;
        this.end = end;
    }

    @Override
    public String roleName() {
        return "supervisor";
    }

    @Override
    public boolean doWork() {
        vitals.turned();
        Problem dead = vitals.deadPipeline();
        if (dead != null) {
            end.end(Ending.Kind.FAILED, dead);
            return false;
        }
        vitals.lookAtSinks();
        CaptureStatus status = vitals.captureStatus();
        if (status == null) {
            return false;
        }
        vitals.lookAtDisks();
        if (status.state() != seen) {
            changed(status);
            seen = status.state();
        }
        if (status.snapshot() != null) {
            logProgress(status.snapshot());
        }
        if (status.state() == CaptureStatus.State.HALTED) {
            endWhenDelivered(status.lastError());
        }
        return false;
    }

    private void changed(CaptureStatus status) {
        if (seen == CaptureStatus.State.SNAPSHOT && status.state() == CaptureStatus.State.STREAMING) {
            LOG.info("initial snapshot complete: {}", rows(vitals.snapshotEvents()));
        }
        // Why it waits, is blocked or halted is logged by the capture itself.
        switch (status.state()) {
            case SNAPSHOT, STREAMING -> {
                LOG.info(
                        "source is {}{}{}",
                        status.state() == CaptureStatus.State.SNAPSHOT ? "at its initial snapshot" : "streaming",
                        status.position().isEmpty() ? "" : " behind " + status.position(),
                        awaySince == null
                                ? ""
                                : " again, after "
                                        + Duration.between(awaySince, clock.instant())
                                                .toSeconds() + " s");
                awaySince = null;
            }
            case WAITING -> awaySince = awaySince == null ? clock.instant() : awaySince;
            case HALTED -> {
                vitals.state(AgentState.DRAINING);
                LOG.info("what is journaled is still delivered, then the agent ends");
            }
            default -> LOG.debug("source is {}", status.state());
        }
    }

    private void logProgress(SnapshotProgress now) {
        Instant instant = clock.instant();
        boolean first = nextProgress.equals(Instant.MIN);
        boolean setBack = !first && instant.plus(timing.progress()).isBefore(nextProgress);
        if (first || setBack || !instant.isBefore(nextProgress)) {
            nextProgress = instant.plus(timing.progress());
        } else {
            return;
        }
        if (first || now.rowsDone() == 0) {
            return; // nothing to tell yet
        }
        LOG.info(
                "initial snapshot: {}{}, {} of {} tables, {} rows/s{}{}",
                now.rowsEstimated() < 0
                        ? rows(now.rowsDone()) + ", how many there are is unknown"
                        : now.rowsDone() + " of about " + rows(now.rowsEstimated()),
                now.percent() < 0 ? "" : String.format(Locale.ROOT, ", %.1f %%", now.percent()),
                now.tablesDone(),
                now.tablesTotal(),
                Math.round(now.rowsPerSecond()),
                now.secondsLeft() < 0
                        ? ""
                        : ", about "
                                + Duration.ofSeconds(now.secondsLeft())
                                        .toString()
                                        .substring(2)
                                        .toLowerCase(Locale.ROOT) + " left",
                now.currentTable().isEmpty() ? "" : ", reading " + now.currentTable());
    }

    private static String rows(long count) {
        return count + (count == 1 ? " row" : " rows");
    }

    /** A sink that cannot be reached does not hold up the end for ever: the journal keeps its changes. */
    private void endWhenDelivered(@Nullable Finding error) {
        Instant now = clock.instant();
        long sum = vitals.pipelineStatuses().stream()
                .mapToLong(PipelineStatus::appliedSequence)
                .sum();
        if (sum != applied || lastMove.isAfter(now)) { // the latter when the clock was set back
            applied = sum;
            lastMove = now;
        }
        boolean stuck = lastMove.plus(timing.drain()).isBefore(now);
        if (!vitals.undelivered() || stuck) {
            end.end(kind(error), Vitals.problem(error));
        }
    }

    /**
     * A journal that must be opened anew, a thread that died, a stream that could not be put together: a new start mends
     * these or reports them better. Everything else only an operator mends.
     */
    static Ending.Kind kind(@Nullable Finding error) {
        boolean inside = error == null
                || error.code().startsWith("JOURNAL-")
                || error.code().startsWith("CAPTURE-")
                || error.code().equals("SOURCE-STREAM-BROKEN");
        return inside ? Ending.Kind.FAILED : Ending.Kind.HALTED;
    }
}
