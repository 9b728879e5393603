package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.Space;
import dev.tailrace.lifecycle.StopSignal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where capture waits while the journal may not grow (I4): nothing is taken from the source, nothing is dropped, and it goes
 * on by itself. One thread waits, any thread may ask why.
 */
final class SpaceGate {
    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Journal journal;
    private volatile @Nullable Space blockedBy;

    SpaceGate(Journal journal) {
        this.journal = journal;
    }

    /**
     * Waits while the journal may not grow.
     *
     * @return false when the stop was raised
     */
    boolean await(StopSignal stop) throws InterruptedException {
        Space space = journal.space();
        if (space == Space.AVAILABLE) {
            return !stop.isRaised();
        }
        Finding told = finding(space);
        LOG.warn("{}: {}; capture waits, and the source keeps its log; {}", told.code(), told.message(), told.remedy());
        try {
            while (space != Space.AVAILABLE) {
                blockedBy = space;
                if (!stop.pause(POLL)) {
                    return false;
                }
                space = journal.space();
            }
        } finally {
            blockedBy = null;
        }
        LOG.info("capture goes on: the journal may grow again");
        return !stop.isRaised();
    }

    /** What keeps the journal from growing, null when nobody waits. */
    @Nullable
    Finding blockedBy() {
        Space space = blockedBy;
        return space == null ? null : finding(space);
    }

    private static Finding finding(Space space) {
        return new Finding(
                "JOURNAL-" + space.name().replace('_', '-'),
                "journal",
                space == Space.BUDGET_USED
                        ? "journal.max-size is used up by frames that a sink still needs"
                        : "the file system has less than journal.reserve left",
                space == Space.BUDGET_USED
                        ? "mend the sink that is behind, or raise journal.max-size; capture goes on by itself"
                        : "free space on the file system of data-dir; capture goes on by itself",
                Severity.TRANSIENT);
    }
}
