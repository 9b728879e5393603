package dev.tailrace.agent;

import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.capture.SourceLog;
import dev.tailrace.config.DataSize;
import dev.tailrace.journal.JournalStatus;
import dev.tailrace.journal.Space;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at both places where undelivered changes pile up, the journal and the source's own log: says what is running out,
 * what has been given up already and what will happen next. It decides nothing: history goes and capture waits by the
 * journal's own rules. Each step is logged once, when it begins and when it is over.
 *
 * <p>The supervisor's thread looks; any thread may ask.
 */
final class DiskLadder {
    private static final Logger LOG = LoggerFactory.getLogger(DiskLadder.class);

    /** The file system is told to be low at this many times its reserve, and not to be any more at the other. */
    private static final double DISK_LOW = 1.5;

    private static final double DISK_FINE = 1.75;

    /** A log without a limit is told of when it is this part of the journal's budget. */
    private static final int UNLIMITED_PART = 4;

    /** Steps of the journal's ladder, as the status names them. */
    enum Level {
        OK,
        HISTORY,
        LOW,
        WAITING
    }

    private final Reach journal = new Reach();
    private final Reach source = new Reach();
    private final Map<String, String> told = new LinkedHashMap<>();
    private boolean diskLow;
    private boolean historyTold;
    private volatile Level level = Level.OK;
    private volatile List<Problem> warnings = List.of();

    Level level() {
        return level;
    }

    /** What is true now, in words for an operator. */
    List<Problem> warnings() {
        return warnings;
    }

    /**
     * Looks once more.
     *
     * @param log null while it is unknown: what was said of it stays
     * @param behind the sink that is furthest behind, empty when none is
     */
    void look(JournalStatus status, @Nullable SourceLog log, String behind) {
        Map<String, Problem> now = new LinkedHashMap<>();
        boolean low = lookAtJournal(status, behind, now);
        level = status.space() != Space.AVAILABLE
                ? Level.WAITING
                : low ? Level.LOW : status.historyCut() ? Level.HISTORY : Level.OK;
        if (status.historyCut() && !historyTold) {
            LOG.info(
                    "JOURNAL-HISTORY-CUT: replayable history is deleted before journal.retention is over, for want of room;"
                            + " what a sink still needs is kept");
        }
        historyTold = status.historyCut();
        if (log == null) {
            warnings.stream()
                    .filter(problem -> problem.code().startsWith("SOURCE-"))
                    .forEach(problem -> now.put(problem.code(), problem));
        } else {
            lookAtSource(status, log, now);
        }
        tell(now);
        warnings = new ArrayList<>(now.values());
    }

    private boolean lookAtJournal(JournalStatus status, String behind, Map<String, Problem> now) {
        double capacity = Math.max(1, status.capacityBytes());
        boolean low = journal.isLow(status.neededBytes() / capacity, status.secondsLeft());
        double reserves = status.usableBytes() / (double) Math.max(1, status.reserveBytes());
        diskLow = reserves < (diskLow ? DISK_FINE : DISK_LOW);
        boolean waiting = status.space() != Space.AVAILABLE;
        String next = waiting ? "capture waits, and the source keeps its log" : soon(status.secondsLeft());
        if (diskLow || status.space() == Space.DISK_RESERVE) {
            put(
                    now,
                    "JOURNAL-DISK-LOW",
                    "the journal's file system has " + size(status.usableBytes()) + " left, and journal.reserve is "
                            + size(status.reserveBytes()) + "; next: history is deleted early, then " + next,
                    "free space on the file system of data-dir");
        }
        if (low || status.space() == Space.BUDGET_USED) {
            put(
                    now,
                    "JOURNAL-BUDGET-LOW",
                    "sinks still need " + size(status.neededBytes()) + " of the " + size((long) capacity)
                            + " that the journal may take"
                            + (behind.isEmpty() ? "" : "; furthest behind is sink " + behind) + "; next: " + next,
                    "mend the sink that is behind, or raise journal.max-size");
        }
        return low || diskLow;
    }

    private void lookAtSource(JournalStatus status, SourceLog log, Map<String, Problem> now) {
        boolean low = source.isLow(log.used(), log.secondsLeft());
        if (log.isLost()) {
            put(
                    now,
                    "SOURCE-LOG-LOST",
                    "the source has deleted log that was not read yet; next: capture halts at its next start",
                    "see the error it halts with; a new snapshot is needed");
        } else if (low) {
            put(
                    now,
                    "SOURCE-LOG-LOW",
                    "the source keeps " + size(log.retainedBytes()) + " of its log for this agent"
                            + (log.leftBytes() == null ? "" : " and " + size(log.leftBytes()) + " more")
                            + "; next: it deletes what was not read yet, "
                            + (log.isEnding() ? "with its next checkpoint" : in(log.secondsLeft()))
                            + ", and a new snapshot is needed",
                    "let capture go on (see the journal and the sinks), or let the source keep more: PostgreSQL"
                            + " max_slot_wal_keep_size, MySQL binlog_expire_logs_seconds");
        } else if (log.limitBytes() == null
                && log.limitSeconds() == null
                && log.retainedBytes() > status.maximumBytes() / UNLIMITED_PART) {
            put(
                    now,
                    "SOURCE-LOG-GROWS",
                    "the source keeps " + size(log.retainedBytes())
                            + " of its log for this agent, and nothing limits it; next: its own disk fills up",
                    "let capture go on (see the journal and the sinks); on PostgreSQL max_slot_wal_keep_size is a limit,"
                            + " beyond which a new snapshot is needed");
        }
    }

    private static void put(Map<String, Problem> now, String code, String message, String remedy) {
        now.put(code, new Problem(code, message, remedy));
    }

    private void tell(Map<String, Problem> now) {
        now.forEach((code, problem) -> {
            if (told.put(code, problem.message()) == null) {
                LOG.warn("{}: {}; {}", code, problem.message(), problem.remedy());
            }
        });
        told.keySet().removeIf(code -> {
            boolean over = !now.containsKey(code);
            if (over) {
                LOG.info("{} is over", code);
            }
            return over;
        });
    }

    private static String soon(double seconds) {
        return "capture waits" + (Double.isInfinite(seconds) ? "" : ", " + in(seconds) + " at the present rate");
    }

    private static String in(double seconds) {
        if (Double.isInfinite(seconds)) {
            return "when it has to";
        }
        Duration left = Duration.ofSeconds((long) Math.max(0, seconds));
        if (left.toMinutes() < 2) {
            return "in " + left.toSeconds() + " s";
        }
        return left.toHours() < 2 ? "in " + left.toMinutes() + " min" : "in " + left.toHours() + " h";
    }

    private static String size(long bytes) {
        if (bytes < DataSize.ofMebibytes(1).bytes()) {
            return bytes + " bytes";
        }
        double mebibytes = bytes / (double) DataSize.ofMebibytes(1).bytes();
        return mebibytes < 1024
                ? String.format(Locale.ROOT, "%.1f MiB", mebibytes)
                : String.format(Locale.ROOT, "%.1f GiB", mebibytes / 1024);
    }
}
