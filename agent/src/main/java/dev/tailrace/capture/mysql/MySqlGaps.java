package dev.tailrace.capture.mysql;

import static dev.tailrace.capture.SourceErrors.fatal;

import dev.tailrace.config.Finding;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the server with what the journal needs next. Every difference that means lost changes is a finding of its own: a
 * loud stop with its remedy, never a silent gap (I9).
 */
final class MySqlGaps {
    static final String UUID = "server_uuid";
    static final String BEHIND_JOURNAL = "SOURCE-BEHIND-JOURNAL";
    static final String SNAPSHOT_MENDS =
            "set source.snapshot to when-needed and start again: all captured tables are then read anew and the targets"
                    + " emptied of what is gone";
    private static final String GTID_MODE = "gtid_mode";

    private final MySqlState state;
    private final Tail tail;
    private final List<Finding> findings = new ArrayList<>();

    private MySqlGaps(MySqlState state, Tail tail) {
        this.state = state;
        this.tail = tail;
    }

    /** What the start marker remembers of the source. */
    static Map<String, String> identity(MySqlState state) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(UUID, state.uuid());
        map.put(GTID_MODE, Boolean.toString(state.gtidMode()));
        return map;
    }

    static List<Finding> check(MySqlState state, Tail tail) {
        MySqlGaps gaps = new MySqlGaps(state, tail);
        if (!tail.source().isEmpty() && !tail.source().containsKey(UUID)) {
            gaps.gap(
                    "SOURCE-TYPE-CHANGED",
                    "the journal was filled from a source of another type: its positions mean nothing to MySQL");
        } else if (tail.offset().isPresent()) {
            gaps.offset(tail.offset().get());
        }
        return gaps.findings;
    }

    private void offset(SourceOffset offset) {
        Gtids needed = BinlogOffset.gtids(offset);
        if (needed != null && state.gtidMode()) {
            gtids(offset, needed);
            return;
        }
        String uuid = tail.source().getOrDefault(UUID, state.uuid());
        if (!uuid.equals(state.uuid())) {
            gap(
                    "SOURCE-SYSTEM-CHANGED",
                    "the journal was filled from the server " + uuid + ", but this one is " + state.uuid()
                            + ", and without GTIDs a place in one server's log is none in another's");
            return;
        }
        if (needed == null && state.gtidMode() && !state.executed().isEmpty()) {
            gap(
                    "SOURCE-GTID-CHANGED",
                    "the journal's end was noted without GTIDs, and the server has them now: where they begin cannot be"
                            + " told");
            return;
        }
        file(offset);
    }

    private void gtids(SourceOffset offset, Gtids needed) {
        Gtids journaled = journaled(offset, needed);
        if (!state.executed().contains(journaled)) {
            gap(
                    BEHIND_JOURNAL,
                    "the journal holds transactions that the server has never executed: it was put back from an older"
                            + " copy, its log was reset, or it is another server");
        } else if (!journaled.contains(state.purged())) {
            gap(
                    "SOURCE-BINLOG-PURGED",
                    "the server has deleted transactions from its log that the journal has not got: " + needed(offset));
        } else if (state.uuid().equals(tail.source().get(UUID)) && endsBefore(offset)) {
            // the numbers of transactions begin anew with the log, and others may have been given the same since
            gap(
                    BEHIND_JOURNAL,
                    "the server's log ends before " + BinlogOffset.file(offset) + " position "
                            + offset.position().offset() + ", where the journal ends: it was reset, or the server was"
                            + " put back from an older copy");
        }
    }

    /** Whether the log of this name has not come as far as the offset; false for a log of another name. */
    private boolean endsBefore(SourceOffset offset) {
        List<MySqlState.LogFile> files = state.log().orElse(List.of());
        if (files.isEmpty()) {
            return false;
        }
        MySqlState.LogFile newest = files.get(files.size() - 1);
        String name = BinlogOffset.file(offset);
        long ahead = BinlogFile.number(name) - BinlogFile.number(newest.name());
        return BinlogFile.base(name).equals(BinlogFile.base(newest.name()))
                && (ahead > 0 || ahead == 0 && newest.size() < offset.position().offset());
    }

    private static Gtids journaled(SourceOffset offset, Gtids needed) {
        @Nullable String done = BinlogOffset.done(offset);
        return done != null && done.contains(":") && !done.startsWith("file=")
                ? needed.with(Gtids.parse(done))
                : needed;
    }

    private static String needed(SourceOffset offset) {
        return "it needs those behind " + BinlogOffset.file(offset) + " position "
                + offset.position().offset();
    }

    private void file(SourceOffset offset) {
        if (state.log().isEmpty()) {
            return; // the missing right is a finding of its own
        }
        List<MySqlState.LogFile> files = state.log().get();
        String name = BinlogOffset.file(offset);
        for (MySqlState.LogFile file : files) {
            if (file.name().equals(name)) {
                if (file.size() < offset.position().offset()) {
                    gap(
                            BEHIND_JOURNAL,
                            "the journal ends at position " + offset.position().offset() + " of " + name
                                    + ", but that file has only " + file.size()
                                    + " bytes: the server was put back from an older copy, or its log was reset");
                }
                return;
            }
        }
        long number = BinlogFile.number(name);
        boolean purged =
                !files.isEmpty() && number < BinlogFile.number(files.get(0).name());
        if (purged) {
            gap(
                    "SOURCE-BINLOG-PURGED",
                    "the server has deleted " + name + " from its log: " + needed(offset) + ", and the oldest file is "
                            + files.get(0).name());
        } else {
            gap(
                    BEHIND_JOURNAL,
                    "the journal ends in " + name
                            + ", which the server has not got: it was put back from an older copy,"
                            + " or its log was reset");
        }
    }

    private void gap(String code, String message) {
        findings.add(fatal(code, message, SNAPSHOT_MENDS));
    }
}
