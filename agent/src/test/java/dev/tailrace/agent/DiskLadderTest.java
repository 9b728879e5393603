package dev.tailrace.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.capture.SourceLog;
import dev.tailrace.journal.JournalStatus;
import dev.tailrace.journal.Space;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is running out is said once for each step, with what comes next. */
class DiskLadderTest {
    private static final long MIB = 1 << 20;
    private static final SourceLog QUIET = log("reserved", 1, null, null);

    private final DiskLadder ladder = new DiskLadder();
    private final Logger logger = (Logger) LoggerFactory.getLogger(DiskLadder.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private List<String> said() {
        List<String> said = log.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .map(line -> line.split("[: ]", 2)[0] + (line.endsWith(" is over") ? " over" : ""))
                .toList();
        log.list.clear();
        return said;
    }

    private List<String> codes() {
        return ladder.warnings().stream().map(Problem::code).toList();
    }

    @Test
    void goesUpAndDownTheJournalsLadder() {
        ladder.look(journal(900, 100, Space.AVAILABLE, false), QUIET, "");
        assertThat(ladder.level()).as("full of history").isEqualTo(DiskLadder.Level.OK);
        ladder.look(journal(1000, 100, Space.AVAILABLE, true), QUIET, "");
        assertThat(ladder.level()).isEqualTo(DiskLadder.Level.HISTORY);
        assertThat(codes()).as("nobody has to do anything").isEmpty();
        ladder.look(journal(1000, 800, Space.AVAILABLE, true), QUIET, "events");
        assertThat(ladder.level()).isEqualTo(DiskLadder.Level.LOW);
        assertThat(ladder.warnings().get(0).message())
                .contains("800.0 MiB of the 1000.0 MiB", "sink events", "capture waits");
        ladder.look(journal(1000, 810, Space.AVAILABLE, true), QUIET, "events");
        ladder.look(journal(1000, 1000, Space.BUDGET_USED, true), QUIET, "events");
        assertThat(ladder.level()).isEqualTo(DiskLadder.Level.WAITING);
        assertThat(codes()).containsExactly("JOURNAL-BUDGET-LOW");
        ladder.look(journal(800, 300, Space.AVAILABLE, false), QUIET, "");
        assertThat(ladder.level()).isEqualTo(DiskLadder.Level.OK);
        assertThat(codes()).isEmpty();
        assertThat(said()).containsExactly("JOURNAL-HISTORY-CUT", "JOURNAL-BUDGET-LOW", "JOURNAL-BUDGET-LOW over");
    }

    @Test
    void tellsADiskThatOthersFill() {
        ladder.look(disk(160), QUIET, "");
        assertThat(codes()).isEmpty();
        ladder.look(disk(140), QUIET, "");
        assertThat(codes()).containsExactly("JOURNAL-DISK-LOW");
        ladder.look(disk(160), QUIET, "");
        assertThat(codes()).as("not again and again").containsExactly("JOURNAL-DISK-LOW");
        ladder.look(disk(180), QUIET, "");
        assertThat(codes()).isEmpty();
        assertThat(said()).containsExactly("JOURNAL-DISK-LOW", "JOURNAL-DISK-LOW over");
    }

    @Test
    void tellsALogThatTheSourceWillDelete() {
        JournalStatus fine = journal(10, 10, Space.AVAILABLE, false);
        ladder.look(fine, log("extended", 600, 1000L, 400L), "");
        assertThat(codes()).isEmpty();
        ladder.look(fine, log("extended", 800, 1000L, 200L), "");
        assertThat(codes()).containsExactly("SOURCE-LOG-LOW");
        ladder.look(fine, null, "");
        assertThat(codes()).as("unknown is not fine").containsExactly("SOURCE-LOG-LOW");
        ladder.look(fine, log("unreserved", 1000, 1000L, -5L), "");
        assertThat(ladder.warnings().get(0).message()).contains("with its next checkpoint");
        ladder.look(fine, log("lost", 0, null, null), "");
        assertThat(codes()).containsExactly("SOURCE-LOG-LOST");
        assertThat(said()).containsExactly("SOURCE-LOG-LOW", "SOURCE-LOG-LOST", "SOURCE-LOG-LOW over");
    }

    @Test
    void tellsALogThatNothingLimits() {
        JournalStatus fine = journal(10, 10, Space.AVAILABLE, false);
        ladder.look(fine, log("reserved", 200, null, null), "");
        assertThat(codes()).isEmpty();
        ladder.look(fine, log("extended", 300, null, null), "");
        assertThat(codes()).containsExactly("SOURCE-LOG-GROWS");
    }

    /** A budget of 1000 MiB on an empty disk. */
    private static JournalStatus journal(long bytes, long needed, Space space, boolean cut) {
        return new JournalStatus(
                1, 9, 9, bytes * MIB, needed * MIB, 100_000 * MIB, 100 * MIB, 1000 * MIB, space, cut, 0, 4);
    }

    /** A reserve of 100 MiB. */
    private static JournalStatus disk(long usable) {
        return new JournalStatus(
                1, 9, 9, 10 * MIB, MIB, usable * MIB, 100 * MIB, 1000 * MIB, Space.AVAILABLE, false, 0, 4);
    }

    private static SourceLog log(String state, long retained, @Nullable Long limit, @Nullable Long left) {
        return new SourceLog(
                state,
                retained * MIB,
                limit == null ? null : limit * MIB,
                left == null ? null : left * MIB,
                null,
                null,
                0);
    }
}
