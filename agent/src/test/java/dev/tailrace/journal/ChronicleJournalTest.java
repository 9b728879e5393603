package dev.tailrace.journal;

import static dev.tailrace.journal.Samples.offset;
import static dev.tailrace.journal.Samples.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.journal.Samples.Opened;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appending, forcing, reading and opening again, without any damage. */
class ChronicleJournalTest {
    @TempDir
    Path directory;

    @Test
    void whatIsForcedIsReadAgainAfterReopening() throws JournalException {
        String id;
        long sequence;
        try (Opened opened = new Opened(directory, Samples.settings())) {
            id = opened.journal.id();
            assertThat(opened.journal.epoch()).isEqualTo(1);
            assertThat(opened.journal.recovered().offset()).isEmpty();
            opened.appender.start(Map.of("slot", "tailrace"));
            opened.append(1, "one");
            sequence = opened.append(2, "two");
            opened.appender.force();
            assertThat(opened.numbers(0)).containsExactly(1L, 2L);
        }
        try (Opened opened = new Opened(directory, Samples.settings())) {
            assertThat(opened.journal.id()).isEqualTo(id);
            assertThat(opened.journal.epoch()).isEqualTo(2);
            Tail tail = opened.journal.recovered();
            assertThat(tail.offset()).contains(offset(2));
            assertThat(tail.source()).isEqualTo(Map.of("slot", "tailrace"));
            assertThat(tail.sequence()).isEqualTo(sequence);
            assertThat(opened.journal.schemas()).hasSize(1);
            opened.append(3, "three");
            opened.appender.force();
            assertThat(opened.numbers(0)).containsExactly(1L, 2L, 3L);
            assertThat(opened.numbers(sequence)).containsExactly(3L);
            assertThat(opened.orders().version()).isEqualTo(1);
        }
    }

    @Test
    void aFileHoldsTheShapesOfAllItsFramesThoughTheyAreOld() throws JournalException {
        long before;
        try (Opened opened = new Opened(directory, Samples.settings(64, 1))) {
            TableSchema older = opened.orders();
            before = opened.append(1, "x".repeat(900_000));
            List<Column> wider = new ArrayList<>(Samples.COLUMNS);
            wider.add(Column.of("more", "text", ValueType.TEXT, true));
            opened.appender.schema(Samples.ORDERS, wider, List.of(0));
            // begun before the table was changed, complete after it: the frame begins the next file
            opened.appender.appendTransactions(List.of(Samples.transaction(older, 2, "y".repeat(900_000))), offset(2));
            opened.appender.force();
            assertThat(opened.journal.status().cycles()).isEqualTo(2);
        }
        try (Opened opened = new Opened(directory, Samples.settings(64, 1))) {
            assertThat(opened.numbers(before)).containsExactly(2L);
            assertThat(opened.journal.schemas()).extracting(TableSchema::size).containsExactly(3);
        }
    }

    @Test
    void nothingIsReadableBeforeItIsForced() throws Exception {
        try (Opened opened = new Opened(directory, Samples.settings());
                JournalReader reader =
                        opened.journal.reader(opened.journal.status().readableSequence(), table -> true)) {
            opened.append(1, "one");
            assertThat(opened.numbers(0)).isEmpty();
            assertThat(opened.journal.durableTail().offset()).isEmpty();
            assertThat(reader.await(Duration.ofMillis(1))).isFalse();
            opened.appender.force();
            assertThat(reader.await(Duration.ofMillis(1))).isTrue();
            assertThat(opened.numbers(0)).containsExactly(1L);
            assertThat(opened.journal.durableTail().offset()).contains(offset(1));
        }
    }

    @Test
    void partsAreReadableOnceTheLastOneIsForced() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            TableSchema schema = opened.orders();
            opened.append(1, "one");
            opened.appender.appendPart(part(schema, 2, true, false), null);
            opened.appender.appendPart(part(schema, 3, false, false), null);
            opened.appender.force();
            assertThat(opened.numbers(0)).containsExactly(1L);
            assertThat(opened.journal.durableTail().offset()).contains(offset(1));
            assertThatThrownBy(() -> opened.append(9, "within")).isInstanceOf(IllegalStateException.class);
            opened.appender.appendPart(part(schema, 4, false, true), offset(4));
            opened.appender.force();
            assertThat(opened.numbers(0)).containsExactly(1L, 2L, 3L, 4L);
            assertThat(opened.journal.durableTail().offset()).contains(offset(4));
        }
    }

    @Test
    void abortedPartsAreNeverRead() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            TableSchema schema = opened.orders();
            opened.appender.appendPart(part(schema, 1, true, false), null);
            opened.appender.force();
            opened.appender.abortParts();
            opened.appender.appendPart(part(schema, 2, true, false), null);
            opened.appender.start(Map.of());
            opened.append(3, "three");
            opened.appender.force();
            assertThat(opened.numbers(0)).containsExactly(3L);
            opened.appender.appendPart(part(schema, 4, true, false), null);
            opened.appender.force();
        }
        try (Opened opened = new Opened(directory, Samples.settings())) {
            assertThat(opened.journal.recovered().offset()).contains(offset(3));
            opened.append(5, "five");
            opened.appender.force();
            assertThat(opened.numbers(0)).containsExactly(3L, 5L);
        }
        try (Opened opened = new Opened(directory, Samples.settings())) {
            assertThat(opened.numbers(0)).containsExactly(3L, 5L);
        }
    }

    @Test
    void epochGrowsThoughTheLastStartsWroteNothing() throws JournalException {
        for (int i = 1; i <= 5; i++) {
            try (Opened opened = new Opened(directory, Samples.settings())) {
                assertThat(opened.journal.epoch()).isEqualTo(i);
                assertThat(opened.journal.status().cycles()).isEqualTo(1);
            }
        }
        long sequence;
        try (Opened opened = new Opened(directory, Samples.settings())) {
            opened.append(1, "one");
            opened.appender.force();
            sequence = opened.journal.status().readableSequence();
        }
        for (int i = 7; i <= 10; i++) {
            try (Opened opened = new Opened(directory, Samples.settings())) {
                assertThat(opened.journal.epoch()).isEqualTo(i);
                assertThat(opened.journal.status().cycles()).isEqualTo(2);
                assertThat(opened.numbers(0)).containsExactly(1L);
                assertThat(opened.numbers(sequence)).isEmpty();
                sequence = opened.journal.status().readableSequence();
            }
        }
    }

    @Test
    void snapshotTakesItsCourse() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            TableSchema schema = opened.orders();
            assertThat(opened.journal.durableTail().snapshot()).isEqualTo(Tail.Snapshot.NONE);
            opened.appender.appendSnapshot(List.of(read(schema, 1, 0), read(schema, 1, 1)), 5, null);
            opened.appender.force();
            assertThat(opened.numbers(0)).containsExactly(1L, 2L);
        }
        try (Opened opened = new Opened(directory, Samples.settings())) {
            Tail tail = opened.journal.recovered();
            assertThat(tail.snapshot()).isEqualTo(Tail.Snapshot.RUNNING);
            assertThat(tail.snapshotEpoch()).isEqualTo(1);
            assertThat(tail.snapshotEvents()).isEqualTo(2);
            assertThat(tail.offset()).isEmpty();
            TableSchema schema = opened.orders();
            opened.appender.appendSnapshot(List.of(read(schema, 2, 0)), 5, null);
            opened.appender.appendSnapshot(List.of(), 5, offset(7));
            opened.appender.force();
            assertThat(opened.journal.durableTail().snapshot()).isEqualTo(Tail.Snapshot.COMPLETED);
            assertThat(opened.journal.durableTail().offset()).contains(offset(7));
            assertThat(opened.journal.durableTail().snapshotEpoch()).isEqualTo(2);
            assertThat(opened.journal.durableTail().snapshotEvents()).isEqualTo(1);
        }
    }

    private static ChangeEvent read(TableSchema schema, long epoch, long ordinal) {
        return ChangeEvent.ofSnapshot(
                Operation.READ, schema, Samples.position(7), epoch, ordinal, Row.of(schema, ordinal + 1, "s"));
    }

    @Test
    void tailNeverMovesBack() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            opened.append(9, "nine");
            opened.appender.appendOffset(offset(4), 1);
            opened.appender.force();
            assertThat(opened.journal.durableTail().offset()).contains(offset(9));
            opened.appender.appendOffset(offset(12), 1);
            opened.appender.force();
            assertThat(opened.journal.durableTail().offset()).contains(offset(12));
        }
    }

    @Test
    void everyShapeOfATableStaysReadable() throws JournalException {
        List<Column> wider = new ArrayList<>(Samples.COLUMNS);
        wider.add(Column.of("more", "text", ValueType.TEXT, true));
        long before;
        try (Opened opened = new Opened(directory, Samples.settings())) {
            before = opened.append(1, "one");
            TableSchema second = opened.appender.schema(Samples.ORDERS, wider, List.of(0));
            assertThat(second.version()).isEqualTo(2);
            assertThat(opened.appender.schema(Samples.ORDERS, wider, List.of(0)))
                    .isSameAs(second);
            ChangeEvent event = ChangeEvent.ofChange(
                    Operation.INSERT, second, Samples.position(2), 0, null, Row.of(second, 2L, "two", "more"));
            opened.appender.appendTransactions(
                    List.of(dev.tailrace.event.Transaction.whole("2", Samples.position(2), 1, List.of(event))),
                    offset(2));
            opened.appender.force();
        }
        try (Opened opened = new Opened(directory, Samples.settings())) {
            assertThat(opened.journal.schemas()).hasSize(1);
            assertThat(opened.journal.schemas().get(0).version()).isEqualTo(2);
            // From the middle of the file, behind its shapes.
            Frame frame = opened.frames(before - 1).get(0);
            assertThat(frame.transactions().get(0).events().get(0).schema().version())
                    .isEqualTo(1);
            assertThat(opened.numbers(0)).containsExactly(1L, 2L);
        }
    }

    @Test
    void unwantedTablesAreLeftOutButTheirTransactionsStay() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            TableSchema others = opened.appender.schema(Samples.OTHERS, Samples.COLUMNS, List.of(0));
            TableSchema orders = opened.orders();
            opened.appender.appendTransactions(
                    List.of(dev.tailrace.event.Transaction.whole(
                            "1",
                            Samples.position(1),
                            1,
                            List.of(
                                    Samples.insert(others, 1, "a"),
                                    Samples.insert(orders, 2, "b"),
                                    Samples.insert(others, 3, "c")))),
                    offset(3));
            opened.appender.force();
            try (JournalReader reader = opened.journal.reader(0, Samples.ORDERS::equals)) {
                Frame frame = reader.next();
                while (frame != null && frame.kind() != Frame.Kind.TRANSACTIONS) {
                    frame = reader.next();
                }
                assertThat(Samples.numbersOf(frame)).containsExactly(2L);
                assertThat(frame.position()).isEqualTo(offset(3).position().toString());
            }
        }
    }

    @Test
    void readerSeeksToAnyFrameAcrossFragmentsAndFiles() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings(1024, 16))) {
            List<Long> sequences = new ArrayList<>();
            for (long i = 1; i <= 60; i++) {
                sequences.add(opened.append(i, "x".repeat(i % 10 == 0 ? 9_000_000 : 300_000)));
            }
            opened.appender.force();
            assertThat(opened.journal.status().cycles()).isGreaterThan(3);
            try (JournalReader reader = opened.journal.reader(0, table -> true)) {
                for (int i = 59; i >= 0; i -= 7) {
                    reader.seek(sequences.get(i) - 1);
                    Frame frame = reader.next();
                    while (frame != null && frame.transactions().isEmpty()) {
                        frame = reader.next();
                    }
                    assertThat(Samples.numbersOf(frame)).containsExactly(i + 1L);
                }
                assertThatThrownBy(() -> reader.seek(100_000))
                        .isInstanceOfSatisfying(
                                JournalException.class,
                                e -> assertThat(e.code()).isEqualTo("JOURNAL-GAP"));
            }
            assertThat(opened.numbers(0))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 60).boxed().toList());
        }
    }

    @Test
    void largeRowsComeBack() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            String note = "0123456789abcdef".repeat(50 * 65_536);
            opened.append(1, note);
            opened.append(2, "behind");
            opened.appender.force();
            List<Frame> frames = opened.frames(0);
            Frame large = frames.get(frames.size() - 2);
            assertThat(large.bytes()).isGreaterThan(50L << 20);
            Object value = large.transactions().get(0).events().get(0).image().value(1);
            assertThat(note.equals(value)).isTrue();
            assertThat(Samples.numbersOf(frames.get(frames.size() - 1))).containsExactly(2L);
        }
    }

    @Test
    void secondOwnerIsRefused() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings())) {
            assertThatThrownBy(() -> new Opened(directory, Samples.settings()))
                    .isInstanceOfSatisfying(JournalException.class, e -> {
                        assertThat(e.code()).isEqualTo("JOURNAL-LOCKED");
                        assertThat(e)
                                .hasMessageContaining(
                                        "pid=" + ProcessHandle.current().pid());
                    });
            assertThat(opened.journal.epoch()).isEqualTo(1);
        }
    }

    @Test
    void interruptedThreadWritesAndReadsOn() throws JournalException {
        try (Opened opened = new Opened(directory, Samples.settings(1024, 1))) {
            Thread.currentThread().interrupt();
            for (long i = 1; i <= 12; i++) {
                opened.append(i, "x".repeat(300_000));
                opened.appender.force();
            }
            List<Long> numbers = opened.numbers(0);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(numbers).hasSize(12);
            assertThat(opened.journal.status().cycles()).isGreaterThan(2);
        } finally {
            boolean ignored = Thread.interrupted();
        }
    }
}
