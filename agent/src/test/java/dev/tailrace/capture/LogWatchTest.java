package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.DataSize;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalSettings;
import dev.tailrace.journal.Journals;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rates come from what is seen; what cannot be seen is unknown, not nothing. */
class LogWatchTest {
    private static final JournalSettings SIZES = new JournalSettings(
            Duration.ofDays(1), DataSize.ofGibibytes(4), DataSize.ofMebibytes(16), DataSize.ofMebibytes(64));

    @TempDir
    Path directory;

    private final Deque<Optional<LogMeter.Reading>> readings = new ArrayDeque<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    private static Optional<LogMeter.Reading> reading(long written, Long left) {
        return Optional.of(new LogMeter.Reading(new SourceLog("reserved", 7, 100_000L, left, null, null, 0), written));
    }

    @Test
    void measuresTheRateAndForgetsWhatItCannotSee() throws Exception {
        try (DataDirectory claimed = DataDirectory.claim(directory, Instant.EPOCH);
                Journal journal = Journals.open(claimed, SIZES, now::get)) {
            LogWatch watch = new LogWatch(
                    tail -> {
                        if (readings.isEmpty()) {
                            throw new SQLException("not now", "08001");
                        }
                        return readings.remove();
                    },
                    journal,
                    now::get);
            readings.add(reading(0, 100_000L));
            watch.doWork();
            assertThat(watch.seen().bytesPerSecond()).isZero();
            assertThat(watch.seen().secondsLeft()).isInfinite();
            now.set(Instant.ofEpochSecond(10));
            readings.add(reading(20_000, 50_000L));
            watch.doWork();
            assertThat(watch.seen().bytesPerSecond()).isEqualTo(2000);
            assertThat(watch.seen().secondsLeft()).isEqualTo(25);
            watch.doWork();
            assertThat(watch.seen()).as("unreachable").isNull();
            readings.add(Optional.empty());
            watch.doWork();
            assertThat(watch.seen()).as("nothing is kept").isNull();
        }
    }
}
