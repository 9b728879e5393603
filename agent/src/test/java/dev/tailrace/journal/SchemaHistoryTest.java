package dev.tailrace.journal;

import static dev.tailrace.journal.Samples.offset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.journal.Samples.Opened;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source wants remembered holds as of the offset in the same frame, and is never lost with an old file (I8). */
class SchemaHistoryTest {
    @TempDir
    Path directory;

    private static Map<String, Optional<String>> set(String key, String text) {
        return Map.of(key, Optional.of(text));
    }

    @Test
    void holdsAsOfTheOffsetThatIsForced() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            opened.appender.appendHistory(set("a", "1"), false, offset(1), 1);
            assertThat(opened.journal.schemaHistory()).isEmpty();
            assertThat(opened.journal.durableTail().offset()).isEmpty();
            opened.appender.force();
            assertThat(opened.journal.schemaHistory()).isEqualTo(Map.of("a", "1"));
            assertThat(opened.journal.durableTail().offset()).contains(offset(1));
            opened.append(2, "two");
            opened.appender.appendHistory(Map.of("a", Optional.empty(), "b", Optional.of("ü€😀")), false, offset(3), 1);
            opened.appender.force();
        }
        try (Opened opened = new Opened(directory, Samples.settings())) {
            assertThat(opened.journal.schemaHistory()).isEqualTo(Map.of("b", "ü€😀"));
            assertThat(opened.journal.recovered().offset()).contains(offset(3));
            assertThat(opened.numbers(0)).containsExactly(2L);
            opened.appender.appendHistory(set("c", "3"), true, null, 1);
            opened.appender.force();
        }
        try (Opened opened = new Opened(directory, Samples.settings())) {
            assertThat(opened.journal.schemaHistory()).isEqualTo(Map.of("c", "3"));
            assertThat(opened.journal.recovered().offset()).contains(offset(3));
        }
    }

    @Test
    void survivesTheFilesThatItWasWrittenTo() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings(8, 1))) {
            opened.appender.appendHistory(set("large", "x".repeat(3_000_000)), false, offset(1), 1);
            opened.appender.appendHistory(set("small", "y"), false, offset(1), 1);
            opened.journal.hold("sink", Long.MAX_VALUE);
            opened.journal.holdersComplete();
            for (long number = 2; number < 60; number++) {
                opened.append(number, "z".repeat(250_000));
                opened.appender.force();
                assertThat(opened.journal.space()).isEqualTo(Space.AVAILABLE);
            }
            assertThat(opened.journal.status().firstSequence()).isGreaterThan(10);
            assertThat(opened.journal.schemaHistory()).containsOnlyKeys("large", "small");
        }
        try (Opened opened = new Opened(directory, Samples.settings(8, 1))) {
            assertThat(opened.journal.schemaHistory()).containsOnlyKeys("large", "small");
            assertThat(opened.journal.schemaHistory().get("large")).hasSize(3_000_000);
            assertThat(opened.journal.recovered().offset()).contains(offset(59));
        }
        try (JournalInspector inspector = JournalInspector.open(directory).orElseThrow()) {
            assertThat(inspector.verify().damage()).isNull();
        }
    }

    @Test
    void isRefusedWithinATransaction() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            opened.appender.appendPart(Samples.part(opened.orders(), 2, true, false), null);
            assertThatThrownBy(() -> opened.appender.appendHistory(set("a", "1"), false, offset(1), 1))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
