package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.Samples.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking at a journal that is written by somebody else, or by nobody. */
class JournalInspectorTest {
    @TempDir
    Path directory;

    @Test
    void thereIsNoJournalYet() throws JournalException {
        assertThat(JournalInspector.open(directory)).isEmpty();
    }

    @Test
    void followsAWriterAcrossFilesAndShowsOnlyWhatIsDurable() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings(1024, 2));
                JournalInspector inspector = JournalInspector.open(directory).orElseThrow()) {
            opened.appender.start(Map.of("slot", "s"));
            opened.append(1, "one");
            opened.appender.force();
            List<Long> seen = new ArrayList<>();
            inspector.tail(100, table -> true, frame -> seen.addAll(Samples.numbersOf(frame)));
            assertThat(seen).containsExactly(1L);
            for (long i = 2; i <= 40; i++) {
                TableSchema schema = opened.orders();
                opened.append(i, "x".repeat(300_000));
                assertThat(inspector.more(table -> true, frame -> seen.add(-1L)))
                        .isFalse();
                opened.appender.appendPart(Samples.part(schema, 1000 + i, true, false), null);
                opened.appender.abortParts();
                opened.appender.force();
                assertThat(inspector.more(table -> true, frame -> seen.addAll(Samples.numbersOf(frame))))
                        .isTrue();
            }
            assertThat(seen)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 40).boxed().toList());
            JournalInspector.Info info = inspector.info();
            JournalStatus status = opened.journal.status();
            assertThat(info.id()).isEqualTo(opened.journal.id());
            assertThat(info.epoch()).isEqualTo(1);
            assertThat(info.readableSequence()).isEqualTo(status.readableSequence());
            assertThat(info.firstSequence()).isEqualTo(status.firstSequence());
            assertThat(info.cycles()).isEqualTo(status.cycles()).isGreaterThan(3);
            assertThat(info.bytes()).isEqualTo(status.bytes());
            assertThat(info.tail()).isEqualTo(opened.journal.durableTail());
            assertThat(info.schemas()).isEqualTo(opened.journal.schemas());
            assertThat(inspector.verify().damage()).isNull();
        }
    }

    @Test
    void followsTheNextStartOfTheAgentToo() throws JournalException {
        Opened first = new Opened(directory, Samples.settings());
        first.append(1, "one");
        first.appender.force();
        try (JournalInspector inspector = JournalInspector.open(directory).orElseThrow()) {
            List<Long> seen = new ArrayList<>();
            inspector.tail(9, table -> true, frame -> seen.addAll(Samples.numbersOf(frame)));
            first.close();
            try (Opened second = new Opened(directory, Samples.settings())) {
                second.append(2, "two");
                second.appender.force();
                assertThat(inspector.more(table -> true, frame -> seen.addAll(Samples.numbersOf(frame))))
                        .isTrue();
                assertThat(seen).containsExactly(1L, 2L);
                assertThat(inspector.info().epoch()).isEqualTo(2);
                assertThat(inspector.verify().damage()).isNull();
            }
        }
    }

    @Test
    void changesNothing() throws JournalException, IOException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            opened.append(1, "one");
            opened.append(2, "two");
            opened.appender.force();
        }
        Map<String, String> before = listing();
        try (JournalInspector inspector = JournalInspector.open(directory).orElseThrow()) {
            List<Long> seen = new ArrayList<>();
            inspector.tail(1, table -> true, frame -> seen.addAll(Samples.numbersOf(frame)));
            assertThat(seen).containsExactly(2L);
            assertThat(inspector.info().tail().offset()).contains(Samples.offset(2));
            JournalInspector.Verification verification = inspector.verify();
            assertThat(verification.damage()).isNull();
            assertThat(verification.frames()).isEqualTo(4);
        }
        assertThat(listing()).isEqualTo(before);
    }

    private Map<String, String> listing() throws IOException {
        Map<String, String> listing = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                listing.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return listing;
    }
}
