package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tailrace.config.DataSize;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.Samples.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files go only when every holder has passed them; otherwise the journal says that it is full (I4). */
class RetentionTest {
    private static final String NOTE = "x".repeat(250_000);

    @TempDir
    Path directory;

    @Test
    void budgetStopsTheWriterUntilTheHolderMovesOn() throws JournalException {
        long last = 0;
        try (Opened opened = new Opened(directory, Samples.settings(16, 256))) {
            opened.journal.hold("slow", 0);
            opened.journal.holdersComplete();
            long number = 0;
            while (opened.journal.space() == Space.AVAILABLE) {
                last = opened.append(++number, NOTE);
                opened.appender.force();
            }
            assertThat(opened.journal.space()).isEqualTo(Space.BUDGET_USED);
            assertThat(opened.journal.status().bytes()).isCloseTo(16L << 20, within(1L << 20));
            assertThat(opened.numbers(0)).hasSize((int) number).startsWith(1L);

            opened.journal.hold("slow", last / 2);
            assertThat(opened.journal.space()).isEqualTo(Space.AVAILABLE);
            assertThat(opened.numbers(last / 2)).endsWith(number);
            assertThatThrownBy(() -> opened.journal.reader(1, table -> true))
                    .isInstanceOfSatisfying(
                            JournalException.class, e -> assertThat(e.code()).isEqualTo("JOURNAL-GAP"));
            opened.journal.unhold("slow");
        }
        try (Opened opened = new Opened(directory, Samples.settings(16, 256))) {
            long first = opened.journal.status().firstSequence();
            assertThat(first).isGreaterThan(1).isLessThanOrEqualTo(last / 2);
            assertThat(opened.numbers(0)).isNotEmpty();
            assertThat(opened.journal.schemas()).hasSize(1);
        }
    }

    @Test
    void aTransactionLargerThanTheBudgetIsTakenOnceEverySinkHasPassedTheRest() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings(8, 256))) {
            long before = opened.append(1, NOTE);
            opened.appender.force();
            opened.journal.hold("slow", before - 1);
            opened.journal.holdersComplete();
            List<ChangeEvent> rows = List.of(Samples.insert(opened.orders(), 2, NOTE));
            for (int part = 0; part < 60; part++) {
                opened.appender.appendPart(
                        new Transaction("big", Samples.position(2), 2, rows, part == 0, false), null);
            }
            opened.appender.force();
            assertThat(opened.journal.status().bytes()).isGreaterThan(8L << 20);
            assertThat(opened.journal.space()).isEqualTo(Space.BUDGET_USED);

            opened.journal.hold("slow", before);
            assertThat(opened.journal.space()).isEqualTo(Space.AVAILABLE);

            opened.appender.appendPart(
                    new Transaction("big", Samples.position(2), 2, rows, false, true), Samples.offset(2));
            opened.appender.force();
            assertThat(opened.numbers(before)).hasSize(61);
            assertThat(opened.journal.space()).isEqualTo(Space.BUDGET_USED);
        }
    }

    @Test
    void nothingGoesBeforeEveryHolderIsKnown() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings(8, 256))) {
            opened.journal.hold("fast", Long.MAX_VALUE);
            for (long i = 1; i <= 40; i++) {
                opened.append(i, NOTE);
                opened.appender.force();
            }
            assertThat(opened.journal.space()).isEqualTo(Space.BUDGET_USED);
            assertThat(opened.numbers(0)).hasSize(40);
            opened.journal.holdersComplete();
            assertThat(opened.journal.space()).isEqualTo(Space.AVAILABLE);
            assertThat(opened.journal.status().bytes()).isLessThan(8L << 20);
        }
    }

    @Test
    void historyIsKeptForTheRetentionAndNoLonger() throws JournalException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        JournalSettings settings = new JournalSettings(
                Duration.ofHours(1), DataSize.ofGibibytes(1), new DataSize(0), DataSize.ofMebibytes(1));
        try (Opened opened = new Opened(directory, settings, now::get)) {
            opened.journal.holdersComplete();
            for (long i = 1; i <= 20; i++) {
                opened.append(i, NOTE);
                opened.appender.force();
            }
            assertThat(opened.numbers(0)).hasSize(20);
            now.set(now.get().plus(Duration.ofMinutes(61)));
            for (long i = 21; i <= 26; i++) {
                opened.append(i, NOTE);
                opened.appender.force();
            }
            assertThat(opened.numbers(0)).doesNotContain(1L).contains(26L);
        }
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepHistoryForSoMuchLonger() throws JournalException {
        Instant midnight = Instant.parse("2026-01-01T00:00:00Z");
        AtomicReference<Instant> now = new AtomicReference<>(midnight.plus(Duration.ofHours(10)));
        JournalSettings settings = new JournalSettings(
                Duration.ofHours(1), DataSize.ofGibibytes(1), new DataSize(0), DataSize.ofMebibytes(1));
        try (Opened opened = new Opened(directory, settings, now::get)) {
            opened.journal.holdersComplete();
            opened.journal.space();
            now.set(midnight);
            for (long i = 1; i <= 20; i++) {
                opened.append(i, NOTE);
                opened.appender.force();
            }
            assertThat(opened.numbers(0)).hasSize(20);
            now.set(midnight.plus(Duration.ofHours(2)));
            assertThat(opened.journal.space()).isEqualTo(Space.AVAILABLE);
            assertThat(opened.numbers(0)).doesNotContain(1L).contains(20L);
        }
    }

    @Test
    void readerAtTheEndOfADeletedFileGoesOn() throws JournalException {
        JournalSettings settings =
                new JournalSettings(Duration.ZERO, DataSize.ofGibibytes(1), new DataSize(0), DataSize.ofMebibytes(1));
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        try (Opened opened = new Opened(directory, settings, now::get);
                JournalReader reader = opened.journal.reader(0, table -> true)) {
            opened.journal.holdersComplete();
            for (long i = 1; i <= 20; i++) {
                opened.append(i, NOTE);
                now.set(now.get().plusSeconds(1));
                opened.appender.force();
                List<Long> read = new ArrayList<>();
                for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                    read.addAll(Samples.numbersOf(frame));
                }
                assertThat(read).containsExactly(i);
                opened.journal.hold("reader", reader.sequence());
            }
            assertThat(opened.journal.status().cycles()).isLessThan(3);
        }
    }

    @Test
    void diskReserveIsSaid() throws JournalException {
        JournalSettings settings = new JournalSettings(
                Duration.ofHours(1), DataSize.ofGibibytes(1), DataSize.ofGibibytes(1L << 20), DataSize.ofMebibytes(1));
        try (Opened opened = new Opened(directory, settings)) {
            assertThat(opened.journal.space()).isEqualTo(Space.DISK_RESERVE);
        }
    }

    /** Capture does not stop and go by the batch: after a wait there has to be more room than what stopped it. */
    @Test
    void afterAWaitMoreRoomIsAskedFor() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings(16, 1))) {
            opened.journal.hold("slow", 0);
            opened.journal.holdersComplete();
            long last = 0;
            for (long number = 1; opened.journal.space() == Space.AVAILABLE; number++) {
                last = opened.append(number, NOTE);
                opened.appender.force();
            }
            long passed = 0;
            while (opened.journal.space() == Space.BUDGET_USED) {
                assertThat(opened.journal.status().space()).isEqualTo(Space.BUDGET_USED);
                opened.journal.hold("slow", ++passed);
            }
            JournalStatus status = opened.journal.status();
            assertThat(status.space()).isEqualTo(Space.AVAILABLE);
            assertThat(status.bytes()).isLessThanOrEqualTo((16L << 20) * 7 / 8);
            assertThat(passed).isLessThan(last);
        }
    }

    @Test
    void whatASinkNeedsIsToldFromHistory() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings(64, 1))) {
            long last = 0;
            for (long number = 1; number <= 40; number++) {
                last = opened.append(number, NOTE);
                opened.appender.force();
            }
            assertThat(opened.journal.status().neededBytes())
                    .as("nobody has said what he needs")
                    .isEqualTo(opened.journal.status().bytes());
            opened.journal.hold("slow", 0);
            opened.journal.hold("fast", last);
            opened.journal.holdersComplete();
            assertThat(opened.journal.status().neededBytes())
                    .isEqualTo(opened.journal.status().bytes());
            opened.journal.hold("slow", last / 2);
            JournalStatus half = opened.journal.status();
            assertThat(half.neededBytes()).isCloseTo(half.bytes() / 2, within(2L << 20));
            assertThat(half.capacityBytes()).isEqualTo(64L << 20);
            opened.journal.hold("slow", last);
            assertThat(opened.journal.status().neededBytes()).isLessThan(2L << 20);
            assertThat(opened.journal.status().bytes()).as("history is kept").isEqualTo(half.bytes());
        }
    }

    @Test
    void bytesAreThoseOnDisk() throws JournalException, IOException, InterruptedException {
        try (Opened opened = new Opened(directory, Samples.settings(1024, 4))) {
            for (long i = 1; i <= 60; i++) {
                opened.append(i, NOTE);
            }
            opened.appender.force();
            Process du = new ProcessBuilder(
                            "du", "-B1", "-s", directory.resolve("journal").toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(du.waitFor()).isZero();
            long used = Long.parseLong(said.split("\\s")[0]);
            // each file has blocks a little beyond what is written to it
            int files = opened.journal.status().cycles();
            assertThat(opened.journal.status().bytes()).isCloseTo(used, within(used / 20 + files * (384L << 10)));
        }
    }

    @Test
    void readerOfADeletedFileIsTold() throws JournalException, IOException {
        try (Opened opened = new Opened(directory, Samples.settings(8, 256));
                JournalReader reader = opened.journal.reader(0, table -> true)) {
            reader.next();
            opened.journal.holdersComplete();
            for (long i = 1; i <= 60; i++) {
                opened.append(i, NOTE);
                opened.appender.force();
            }
            assertThat(opened.journal.status().firstSequence()).isGreaterThan(1);
            assertThatThrownBy(reader::next)
                    .isInstanceOfSatisfying(
                            JournalException.class, e -> assertThat(e.code()).isEqualTo("JOURNAL-GAP"));
            try (var files = Files.list(directory.resolve("journal"))) {
                assertThat(files.filter(file -> file.toString().endsWith(".cq4"))
                                .count())
                        .isEqualTo(opened.journal.status().cycles());
            }
        }
    }
}
