package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.journal.Tail;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start, decided from the source and the journal before anything is touched.
 *
 * @param kind what to do
 * @param findings everything noticed; one that is FATAL means that there is no start
 */
record StartPlan(Kind kind, List<Finding> findings) {

    /** The ways to start. */
    enum Kind {
        /** Read on behind the journal's end. */
        RESUME,
        /** Drop our slot if there is one, make it anew and read all rows. */
        SNAPSHOT,
        /** Make the slot when it is missing and stream from its beginning, without rows. */
        FROM_NOW
    }

    static StartPlan of(SourceSettings settings, SourceState state, Tail tail) {
        List<Finding> findings = new ArrayList<>(SourceChecks.check(settings, state));
        List<Finding> gaps = GapChecks.check(settings, state, tail);
        boolean again = settings.snapshot() == SourceSettings.SnapshotMode.WHEN_NEEDED;
        boolean gap = false;
        for (Finding finding : gaps) {
            if (finding.severity() == Severity.FATAL && again && !GapChecks.isForeign(finding)) {
                gap = true;
                findings.add(new Finding(
                        finding.code(),
                        finding.subject(),
                        finding.message(),
                        "all captured tables are read anew, as source.snapshot says",
                        Severity.WARNING));
            } else {
                findings.add(finding);
            }
        }
        boolean broken = tail.snapshot() == Tail.Snapshot.RUNNING;
        if (tail.offset().isPresent() && !broken && !gap) {
            return new StartPlan(Kind.RESUME, findings);
        }
        // a snapshot that was begun is finished whatever the setting says now: half of one is no state to stream from
        boolean fromNow = settings.snapshot() == SourceSettings.SnapshotMode.NEVER && !broken;
        return new StartPlan(fromNow ? Kind.FROM_NOW : Kind.SNAPSHOT, findings);
    }

    boolean blocked() {
        return findings.stream().anyMatch(finding -> finding.severity() != Severity.WARNING);
    }

    /** The first that prevents the start, those that time cannot mend first. */
    Finding reason() {
        return findings.stream()
                .filter(finding -> finding.severity() == Severity.FATAL)
                .findFirst()
                .or(() -> findings.stream()
                        .filter(finding -> finding.severity() == Severity.TRANSIENT)
                        .findFirst())
                .orElseThrow();
    }
}
