package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.DataSize;
import dev.tailrace.journal.Samples.Opened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which start wrote which frame is known for every number that a checkpoint may name (I6, I9). */
class StartTokenTest {
    @TempDir
    Path directory;

    /** What the journal said of numbers while they were its newest. */
    private final Map<Long, String> said = new TreeMap<>();

    private final Set<String> tokens = new HashSet<>();

    private Opened open(JournalSettings settings) throws JournalException {
        return noted(new Opened(directory, settings));
    }

    /** Notes the newest number, as a pipeline does that has passed it. */
    private Opened noted(Opened opened) {
        tokens.add(opened.journal.token());
        long newest = opened.journal.status().readableSequence();
        assertThat(opened.journal.tokenOf(newest)).isEqualTo(opened.journal.token());
        said.put(newest, opened.journal.token());
        return opened;
    }

    private void assertStillSaysTheSame(Opened opened) {
        assertThat(said)
                .allSatisfy((sequence, token) -> assertThat(opened.journal.tokenOf(sequence))
                        .as("frame %d", sequence)
                        .isEqualTo(token));
    }

    @Test
    void everyStartHasItsOwnAndTheyAreKnownLaterThoughItWroteNothing() throws JournalException {
        for (int start = 1; start <= 12; start++) {
            try (Opened opened = open(Samples.settings(64, 1))) {
                opened.appender.start(Map.of("slot", "s"));
                opened.appender.force();
                noted(opened);
                if (start % 3 == 0) {
                    for (int i = 0; i < 6; i++) {
                        opened.append(10L * start + i, "x".repeat(400_000));
                        opened.appender.force();
                        noted(opened);
                    }
                }
                assertStillSaysTheSame(opened);
            }
            assertThat(tokens).hasSize(start).noneMatch(String::isEmpty);
        }
        try (Opened opened = open(Samples.settings())) {
            assertStillSaysTheSame(opened);
            assertThat(opened.journal.tokenOf(0)).isEmpty();
        }
    }

    @Test
    void copiesOfOneDirectoryDiffer(@TempDir Path other) throws JournalException, IOException {
        try (Opened opened = open(Samples.settings())) {
            opened.append(1, "one");
            opened.appender.force();
            noted(opened);
        }
        Directory.copy(directory, other);
        try (Opened one = open(Samples.settings());
                Opened two = new Opened(other, Samples.settings())) {
            assertThat(two.journal.epoch()).isEqualTo(one.journal.epoch());
            long sequence = one.append(2, "two");
            assertThat(two.append(2, "other")).isEqualTo(sequence);
            one.appender.force();
            two.appender.force();
            assertThat(one.journal.tokenOf(sequence)).isNotEqualTo(two.journal.tokenOf(sequence));
            long common = said.keySet().iterator().next();
            assertThat(two.journal.tokenOf(common)).isEqualTo(one.journal.tokenOf(common));
        }
    }

    /** The numbers that the disk lost are not given out again, and still are of the start that gave them out. */
    @Test
    void numbersLostWithATornEndKeepTheirStart() throws JournalException, IOException {
        long last;
        try (Opened opened = open(Samples.settings())) {
            opened.append(1, "one");
            opened.appender.force();
            noted(opened);
            last = opened.append(2, "torn");
            opened.appender.force();
            noted(opened);
        }
        Path file = Directory.cycles(directory).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("torn")] ^= 1;
        Files.write(file, bytes);
        try (Opened opened = open(Samples.settings())) {
            assertThat(opened.journal.recovered().sequence()).isLessThan(last);
            assertStillSaysTheSame(opened);
        }
    }

    @Test
    void theLastFrameBeforeTheOldestKeepsItsStartAndOlderStartsAreForgotten() throws JournalException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        JournalSettings settings = new JournalSettings(
                Duration.ofHours(1), DataSize.ofGibibytes(1), new DataSize(0), DataSize.ofMebibytes(1));
        for (int start = 1; start <= 3; start++) {
            try (Opened opened = noted(new Opened(directory, settings, now::get))) {
                opened.append(start, "old");
                opened.appender.force();
                noted(opened);
            }
        }
        now.set(now.get().plus(Duration.ofHours(2)));
        try (Opened opened = noted(new Opened(directory, settings, now::get))) {
            opened.journal.holdersComplete();
            opened.append(4, "new");
            opened.appender.force();
            now.set(now.get().plus(Duration.ofHours(2)));
            assertThat(opened.journal.space()).isEqualTo(Space.AVAILABLE);
            long first = opened.journal.status().firstSequence();
            assertThat(opened.journal.status().cycles()).isEqualTo(1);
            assertThat(opened.journal.tokenOf(first - 1))
                    .isEqualTo(said.get(first - 1))
                    .isNotEmpty();
            opened.append(5, "publishes");
            opened.appender.force();
            assertThat(opened.journal.tokenOf(1)).isEmpty();
        }
        try (Opened opened = noted(new Opened(directory, settings, now::get))) {
            long first = opened.journal.status().firstSequence();
            assertThat(opened.journal.tokenOf(first - 1))
                    .isEqualTo(said.get(first - 1))
                    .isNotEmpty();
            assertThat(opened.journal.tokenOf(1)).isEmpty();
        }
    }

    /** 13 bytes or less for each start of a week. */
    @Test
    void aStartThatWroteNothingCostsFewBytes() {
        Starts starts = Starts.NONE;
        for (int i = 0; i < 1000; i++) {
            starts = starts.with(1_000_000_000L + i, i);
        }
        FrameOutput out = new FrameOutput();
        starts.write(out);
        assertThat(out.size()).isLessThanOrEqualTo(13_100);
    }
}
