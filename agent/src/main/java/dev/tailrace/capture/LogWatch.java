package dev.tailrace.capture;

import dev.tailrace.journal.GrowthRate;
import dev.tailrace.journal.Journal;
import dev.tailrace.lifecycle.Worker;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every few seconds what the source keeps for us, on a thread of its own: a source that does not answer holds up
 * nobody, and what it keeps is unknown then. The last answer may be read by any thread.
 */
final class LogWatch implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);

    private final LogMeter meter;
    private final Journal journal;
    private final GrowthRate growth;
    private volatile @Nullable SourceLog seen;

    LogWatch(LogMeter meter, Journal journal, InstantSource clock) {
        this.meter = meter;
        this.journal = journal;
        this.growth = new GrowthRate(clock);
    }

    @Override
    public String roleName() {
        return "tailrace-log-watch";
    }

    @Override
    public boolean doWork() {
        try {
            Optional<LogMeter.Reading> reading = meter.read(journal.durableTail());
            reading.ifPresent(found -> growth.add(Math.max(0, found.writtenBytes())));
            double rate = growth.perSecond();
            seen = reading.map(found -> withRate(found.log(), rate)).orElse(null);
        } catch (SQLException e) {
            seen = null;
            LOG.debug("the source's log cannot be looked at: {}", SourceErrors.firstLine(e));
        }
        return false;
    }

    private static SourceLog withRate(SourceLog log, double bytesPerSecond) {
        return new SourceLog(
                log.state(),
                log.retainedBytes(),
                log.limitBytes(),
                log.leftBytes(),
                log.limitSeconds(),
                log.leftSeconds(),
                bytesPerSecond);
    }

    /** What the source keeps; null while that is unknown. */
    @Nullable
    SourceLog seen() {
        return seen;
    }
}
