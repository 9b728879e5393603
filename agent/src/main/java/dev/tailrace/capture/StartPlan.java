package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.journal.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * How to start, decided from the source and the journal before anything is touched.
 *
 * @param kind what to do
 * @param findings everything noticed; one that is FATAL means that there is no start
 */
public record StartPlan(Kind kind, List<Finding> findings) {

    /** The ways to start. */
    public enum Kind {
        /** Read on behind the journal's end. */
        RESUME,
        /** Give up what an earlier snapshot left at the source and read all rows. */
        SNAPSHOT,
        /** Stream from now on, without the rows that are there. */
        FROM_NOW
    }

    public StartPlan {
        findings = List.copyOf(findings);
    }

    /**
     * @param checks of the source alone
     * @param gaps between the source and what the journal needs next
     * @param unmendable gaps that another snapshot does not mend
     */
    public static StartPlan of(
            SourceSettings.SnapshotMode snapshot,
            List<Finding> checks,
            List<Finding> gaps,
            Predicate<Finding> unmendable,
            Tail tail) {
        List<Finding> findings = new ArrayList<>(checks);
        boolean again = snapshot == SourceSettings.SnapshotMode.WHEN_NEEDED;
        boolean gap = false;
        for (Finding finding : gaps) {
            if (finding.severity() == Severity.FATAL && again && !unmendable.test(finding)) {
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
        boolean fromNow = snapshot == SourceSettings.SnapshotMode.NEVER && !broken;
        return new StartPlan(fromNow ? Kind.FROM_NOW : Kind.SNAPSHOT, findings);
    }

    /** The same with a snapshot, which passes over a hole in the log. */
    StartPlan anew() {
        return new StartPlan(Kind.SNAPSHOT, findings);
    }

    /** Whether a finding prevents the start. */
    public boolean blocked() {
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
