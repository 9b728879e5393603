package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.journal.Samples.Opened;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files: a wrong frame is never read, a missing one never passed in silence, and the intact beginning stays (I8, I9). */
class DamageTest {
    private static final int ROWS = 300;

    @TempDir
    static Path several;

    @TempDir
    static Path single;

    @TempDir
    static Path copies;

    /** Where in the single file the transaction of that number ENDS. */
    private static final TreeMap<Long, Long> ENDS = new TreeMap<>();

    @BeforeAll
    static void write() throws JournalException {
        try (Opened opened = new Opened(several, Samples.settings(1024, 1))) {
            for (long i = 1; i <= ROWS; i++) {
                opened.append(i, note(i));
                opened.appender.force();
            }
            assertThat(opened.journal.status().cycles()).isGreaterThan(2);
        }
        try (Opened opened = new Opened(single, Samples.settings())) {
            for (long i = 1; i <= ROWS; i++) {
                opened.append(i, note(i));
                opened.appender.force();
                ENDS.put(opened.journal.status().bytes(), i);
            }
        }
    }

    private static String note(long number) {
        return ("note " + number + " ").repeat((int) (number * 37 % 2000));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
    void flippedBytesNeverGiveAWrongFrame(long seed) throws IOException {
        Random random = new Random(seed);
        Path copy = Directory.copy(several, copies.resolve("flip-" + seed));
        List<Path> cycles = Directory.cycles(copy);
        for (int i = random.nextInt(4); i >= 0; i--) {
            Path file = cycles.get(random.nextInt(cycles.size()));
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                long at = random.nextInt(1 << 20);
                raw.seek(at);
                int old = raw.read();
                raw.seek(at);
                raw.write(old ^ (1 << random.nextInt(8)));
            }
        }
        boolean told = verifyWithInspector(copy);
        List<Long> seen = new ArrayList<>();
        long end;
        try (Opened opened = new Opened(copy, Samples.settings(1024, 1))) {
            end = opened.journal.recovered().offset().map(Samples::numberOf).orElse(0L);
            readAll(opened, seen);
            // Without an error everything up to the tail was read: nothing is missing in silence.
            assertThat(seen).as("seed %d", seed).hasSize((int) end);
        } catch (JournalException e) {
            told = true;
            assertThat(e.code()).as("seed %d", seed).isIn("JOURNAL-CORRUPT", "JOURNAL-GAP");
        }
        assertThat(seen)
                .as("seed %d", seed)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, seen.size()).boxed().toList());
        assertThat(told || seen.size() == ROWS)
                .as("seed %d: loss is told", seed)
                .isTrue();
    }

    private static boolean verifyWithInspector(Path copy) {
        try (JournalInspector inspector = JournalInspector.open(copy).orElseThrow()) {
            return inspector.verify().damage() != null;
        } catch (JournalException e) {
            return true;
        }
    }

    private static void readAll(Opened opened, List<Long> seen) throws JournalException {
        try (JournalReader reader = opened.journal.reader(0, table -> true)) {
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                for (long number : Samples.numbersOf(frame)) {
                    Object note =
                            frame.transactions().get(0).events().get(0).image().value(1);
                    assertThat(note).isEqualTo(note(number));
                    seen.add(number);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void tornTailLosesOnlyWhatIsBehindIt(long seed) throws IOException, JournalException {
        Random random = new Random(seed);
        Path copy = Directory.copy(single, copies.resolve("torn-" + seed));
        Path live = Directory.cycles(copy).get(0);
        long from = (long) (random.nextDouble() * ENDS.lastKey());
        try (RandomAccessFile raw = new RandomAccessFile(live.toFile(), "rw")) {
            if (seed % 3 == 0) {
                raw.setLength(from);
            } else {
                byte[] zeros = new byte[seed % 3 == 1 ? 4096 : (int) (raw.length() - from)];
                from = seed % 3 == 1 ? from & ~4095L : from;
                raw.seek(from);
                raw.write(zeros);
            }
        }
        long intact = ENDS.floorEntry(from) == null ? 0 : ENDS.floorEntry(from).getValue();
        if (intact == 0) {
            return;
        }
        long kept;
        try (Opened opened = new Opened(copy, Samples.settings())) {
            kept = opened.journal.recovered().offset().map(Samples::numberOf).orElse(0L);
            assertThat(kept).as("seed %d", seed).isBetween(intact, (long) ROWS);
            List<Long> seen = new ArrayList<>();
            readAll(opened, seen);
            assertThat(seen).as("seed %d", seed).hasSize((int) kept);
            opened.append(kept + 1, note(kept + 1));
            opened.appender.force();
        }
        try (Opened opened = new Opened(copy, Samples.settings())) {
            List<Long> seen = new ArrayList<>();
            readAll(opened, seen);
            assertThat(seen)
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, kept + 1).boxed().toList());
        }
    }

    @Test
    void journalWhoseFilesAreAllDamagedIsNotReplacedByAnEmptyOne() throws IOException {
        Path copy = Directory.copy(single, copies.resolve("gone"));
        Files.write(Directory.cycles(copy).get(0), new byte[4096]);
        try (Opened opened = new Opened(copy, Samples.settings())) {
            throw new AssertionError("opened as epoch " + opened.journal.epoch());
        } catch (JournalException e) {
            assertThat(e.code()).isEqualTo("JOURNAL-CORRUPT");
        }
    }

    @Test
    void copyOfARunningJournalHasEverythingForced() throws Exception {
        Path live = copies.resolve("live");
        try (Opened opened = new Opened(live, Samples.settings(1024, 1))) {
            for (int round = 0; round < 4; round++) {
                long from = round * 100L;
                for (long i = from + 1; i <= from + 50; i++) {
                    opened.append(i, note(i));
                }
                opened.appender.force();
                Thread writer = new Thread(() -> appendRows(opened, from + 51, from + 100));
                writer.start();
                Path copy = Directory.copy(live, copies.resolve("copy-" + round));
                writer.join();
                try (Opened restored = new Opened(copy, Samples.settings())) {
                    long kept = restored.journal
                            .recovered()
                            .offset()
                            .map(Samples::numberOf)
                            .orElse(0L);
                    assertThat(kept).isGreaterThanOrEqualTo(from + 50);
                    List<Long> seen = new ArrayList<>();
                    readAll(restored, seen);
                    assertThat(seen).hasSize((int) kept).endsWith(kept);
                }
            }
        }
    }

    private static void appendRows(Opened opened, long from, long to) {
        try {
            for (long i = from; i <= to; i++) {
                opened.append(i, note(i));
                opened.appender.force();
            }
        } catch (JournalException e) {
            throw new IllegalStateException(e);
        }
    }
}
