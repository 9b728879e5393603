package dev.tailrace.capture.postgres;

import static dev.tailrace.capture.SourceErrors.fatal;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares the source with what the journal needs next. Every difference that means lost changes is a finding of its own:
 * a loud stop with its remedy, never a silent gap (I9).
 */
final class GapChecks {
    private final PostgresSettings settings;
    private final SourceState state;
    private final Tail tail;
    private final List<Finding> findings = new ArrayList<>();

    private GapChecks(PostgresSettings settings, SourceState state, Tail tail) {
        this.settings = settings;
        this.state = state;
        this.tail = tail;
    }

    static List<Finding> check(PostgresSettings settings, SourceState state, Tail tail) {
        GapChecks checks = new GapChecks(settings, state, tail);
        checks.foreignSlot();
        if (!tail.source().isEmpty() && SourceIdentity.of(tail.source()).isEmpty()) {
            checks.findings.add(checks.gap(
                    "SOURCE-TYPE-CHANGED",
                    "the journal was filled from a source of another type: its positions mean nothing to PostgreSQL"));
        } else if (tail.offset().isPresent()) {
            checks.slot(tail.offset().get().position().offset());
            SourceIdentity.of(tail.source()).ifPresent(before -> {
                checks.server(before);
                checks.publication(before);
            });
        } else if (tail.source().isEmpty() && state.slot().isPresent()) {
            checks.findings.add(fatal(
                    "SOURCE-JOURNAL-LOST",
                    "the replication slot " + settings.slot() + " exists, but the journal is empty: it was lost, or the"
                            + " slot is somebody else's",
                    "put the data directory back; or, to begin anew with a snapshot: " + checks.dropSlot()));
        }
        return checks.findings;
    }

    /** What cannot be mended by another snapshot, because the slot is not ours to drop. */
    static boolean isForeign(Finding finding) {
        return finding.code().equals("SOURCE-SLOT-FOREIGN");
    }

    private void foreignSlot() {
        state.slot().ifPresent(slot -> {
            if (!slot.plugin().equals("pgoutput") || !slot.database().equals(settings.database()) || slot.temporary()) {
                findings.add(fatal(
                        "SOURCE-SLOT-FOREIGN",
                        "the replication slot " + settings.slot() + " is not ours: plugin "
                                + (slot.plugin().isEmpty() ? "none (a physical slot)" : slot.plugin()) + ", database "
                                + (slot.database().isEmpty() ? "none" : slot.database()),
                        "choose another name in source.slot; or, when nobody uses it: " + dropSlot()));
            }
        });
    }

    private void slot(long tailLsn) {
        Optional<SourceState.Slot> found = state.slot();
        if (found.isEmpty()) {
            findings.add(gap(
                    "SOURCE-SLOT-MISSING",
                    "the replication slot " + settings.slot() + " is gone; the changes behind "
                            + SourceConnections.lsn(tailLsn) + " cannot be read any more"));
            return;
        }
        SourceState.Slot slot = found.get();
        if (!slot.lost().isEmpty()) {
            findings.add(gap(
                    "SOURCE-SLOT-LOST",
                    "the server has invalidated the replication slot " + settings.slot() + " (" + slot.lost()
                            + "); the changes behind " + SourceConnections.lsn(tailLsn) + " are gone"));
        } else if (Long.compareUnsigned(slot.confirmedLsn(), tailLsn) > 0) {
            findings.add(gap(
                    "SOURCE-SLOT-AHEAD",
                    "the replication slot " + settings.slot() + " stands at "
                            + SourceConnections.lsn(slot.confirmedLsn()) + ", behind the journal's end at "
                            + SourceConnections.lsn(tailLsn)
                            + ": it was made anew or moved on by somebody else, or the journal was put back from an"
                            + " older copy; the changes between them are not sent again"));
        }
        if (!state.standby() && Long.compareUnsigned(tailLsn, state.currentLsn()) > 0) {
            findings.add(gap(
                    "SOURCE-BEHIND-JOURNAL",
                    "the journal's end at " + SourceConnections.lsn(tailLsn) + " is behind the end of the server's log"
                            + " at " + SourceConnections.lsn(state.currentLsn())
                            + ": the server was put back from an older copy"));
        }
    }

    private void server(SourceIdentity before) {
        if (!before.system().equals(state.system())) {
            findings.add(gap(
                    "SOURCE-SYSTEM-CHANGED",
                    "the journal was filled from the server with system identifier " + before.system()
                            + ", but this one has " + state.system()));
        } else if (before.timeline() != state.timeline() && !state.standby()) {
            findings.add(
                    gap(
                            "SOURCE-TIMELINE-CHANGED",
                            "the server went from timeline " + before.timeline() + " to " + state.timeline()
                                    + " (a fail-over or a point-in-time recovery): what was captured last may not exist there"));
        }
        if (!before.database().equals(settings.database())) {
            findings.add(gap(
                    "SOURCE-DATABASE-CHANGED",
                    "the journal was filled from database " + before.database() + ", not " + settings.database()));
        }
        if (!before.slot().equals(settings.slot())) {
            findings.add(gap(
                    "SOURCE-SLOT-CHANGED",
                    "the journal was filled through the replication slot " + before.slot() + ", not "
                            + settings.slot()));
        }
    }

    private void publication(SourceIdentity before) {
        Optional<SourceState.Publication> found = state.publication();
        if (found.isEmpty()) {
            findings.add(gap(
                    "SOURCE-PUBLICATION-MISSING",
                    "the publication " + settings.publication() + " is gone; changes made meanwhile are not sent"));
            return;
        }
        if (found.get().id() != before.publication()) {
            findings.add(gap(
                    "SOURCE-PUBLICATION-CHANGED",
                    "the publication " + settings.publication()
                            + " was dropped and made anew; changes made meanwhile are not sent"));
            return;
        }
        if (found.get().allTables()) {
            return;
        }
        List<TableId> lost = new ArrayList<>();
        List<TableId> added = new ArrayList<>();
        for (SourceState.Table table : state.tables()) {
            Long member = before.tables().get(table.id());
            if (member == null) {
                added.add(table.id());
            } else if (state.member(table.id()).map(SourceState.Member::id).orElse(0L) != (long) member) {
                lost.add(table.id());
            }
        }
        if (!lost.isEmpty()) {
            findings.add(gap(
                    "SOURCE-PUBLICATION-TABLE",
                    "the publication " + settings.publication() + " lost tables since the last start: "
                            + SourceChecks.names(lost) + "; their changes made meanwhile are not sent"));
        }
        if (!added.isEmpty()) {
            findings.add(new Finding(
                    "SOURCE-TABLE-ADDED",
                    "source",
                    "captured from now on, without the rows that are there already: " + SourceChecks.names(added),
                    "to get their rows too, load them by other means or begin anew with a snapshot",
                    Severity.WARNING));
        }
    }

    private Finding gap(String code, String message) {
        return fatal(
                code,
                message,
                "set source.snapshot to when-needed and start again: all captured tables are then read anew and the"
                        + " targets emptied of what is gone");
    }

    private String dropSlot() {
        return "SELECT pg_drop_replication_slot(" + SourceConnections.literal(settings.slot()) + ");";
    }
}
