package dev.tailrace.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.deadletter.DeadLetterDesk.Entry;
import dev.tailrace.deadletter.DeadLetterDesk.Filter;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterDeskTest {
    private static final TableSchema ORDERS = new TableSchema(
            7,
            new TableId("public", "orders"),
            1,
            List.of(Column.of("id", "int8", ValueType.INT64, false), Column.of("t", "text", ValueType.TEXT, true)),
            List.of(0));

    @TempDir
    Path directory;

    private static ChangeEvent change(Operation operation, long id, long at) {
        Row row = Row.of(ORDERS, id, "value " + at);
        return ChangeEvent.ofChange(operation, ORDERS, new SourcePosition("pg-1-1", 0, at), 0, null, row);
    }

    private static Transaction transaction(ChangeEvent... changes) {
        return Transaction.whole("t", changes[0].position(), 1_000_000, List.of(changes));
    }

    private Path fill(int rows) throws Exception {
        Path file = DeadLetterLog.file(directory, "s");
        try (DeadLetterLog log = DeadLetterLog.at(file, false)) {
            for (int i = 0; i < rows; i++) {
                ChangeEvent poison = change(Operation.INSERT, i, 10 * i + 1);
                Refusal why = new Refusal("T-" + i % 2, "refused", "mend it");
                log.park(List.of(poison), poison.id().text(), why, 2 * i + 1, 5, 6);
                log.setAside(List.of(transaction(poison)), 2 * i + 1, 2 * i);
                log.setAside(List.of(transaction(change(Operation.UPDATE, i, 10 * i + 2))), 2 * i + 2, 2 * i + 1);
            }
            assertThat(log.counts()).isEqualTo(new Counts(0, rows, 2L * rows, 0));
        }
        return file;
    }

    private static List<Entry> read(DeadLetterDesk desk, Filter filter) throws Exception {
        List<Entry> entries = new ArrayList<>();
        desk.read(filter, (entry, event) -> {
            assertThat(event.id().text()).isEqualTo(entry.eventId());
            entries.add(entry);
        });
        return entries;
    }

    @Test
    void findsWhatIsMeant() throws Exception {
        Path file = fill(3);
        try (DeadLetterDesk desk = DeadLetterDesk.at(file, "me")) {
            assertThat(read(desk, new Filter(null, null, null, false))).hasSize(6);
            assertThat(read(desk, new Filter(null, null, null, true)))
                    .extracting(Entry::number)
                    .containsExactly(1L, 3L, 5L);
            assertThat(read(desk, new Filter(4L, null, null, false)))
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.waitsFor()).isEqualTo(3L);
                        assertThat(entry.table()).isEqualTo("public.orders");
                    });
            assertThat(read(desk, new Filter(null, "public.orders", "T-1", true)))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.waiting()).isEqualTo(1));
            assertThat(read(desk, new Filter(null, "public.others", null, false)))
                    .isEmpty();
        }
    }

    @Test
    void ordersAreKeptAndSeenByTheOtherSide() throws Exception {
        Path file = fill(2);
        try (DeadLetterDesk desk = DeadLetterDesk.at(file, "me");
                DeadLetterLog log = DeadLetterLog.at(file, false)) {
            assertThat(log.lanes().due(5, 100, 10)).isEmpty();
            assertThat(desk.retry(new Filter(2L, null, null, false), "mended", 9))
                    .containsExactly(1L);
            assertThat(log.lanes().due(5, 100, 10)).extracting(Lane::state).containsExactly(LaneState.DUE);
            assertThat(desk.skip(3, "a test row", 10)).isTrue();
            assertThat(desk.skip(3, "a test row", 10)).isFalse();
            assertThat(log.counts().letters()).isEqualTo(3);
            assertThat(desk.orders())
                    .extracting(DeadLetterDesk.Order::action, DeadLetterDesk.Order::reason)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("retry", "mended"),
                            org.assertj.core.groups.Tuple.tuple("skip", "a test row"));
        }
    }

    @Test
    void aMendedChangeTakesThePlaceAndTheOneBeforeIsKept() throws Exception {
        Path file = fill(2);
        try (DeadLetterDesk desk = DeadLetterDesk.at(file, "me");
                DeadLetterLog log = DeadLetterLog.at(file, false)) {
            assertThat(desk.<RuntimeException>edit(3, before -> mended(before), "cut to fit", 9))
                    .isTrue();
            assertThat(desk.<RuntimeException>edit(99, before -> mended(before), "none", 9))
                    .isFalse();
            Lane due = log.lanes().due(5, 100, 10).get(0);
            assertThat(log.lanes().letters(due, 100, 10, 1_000_000))
                    .extracting(letter -> letter.event().image().value(1))
                    .containsExactly("mended", "value 12");
            assertThat(log.lanes()
                            .writing(due, log.lanes().letters(due, 100, 10, 1).get(0), "t-1"))
                    .isTrue();
            assertThat(desk.<RuntimeException>edit(3, before -> mended(before), "too late", 9))
                    .as("while it is written")
                    .isFalse();
            assertThat(desk.orders()).singleElement().satisfies(order -> {
                assertThat(order.action()).isEqualTo("edit");
                assertThat(order.reason()).isEqualTo("cut to fit");
            });
        }
    }

    /** The attempt may have begun before the target was mended, and its answer may come late. */
    @Test
    void whatIsAskedForDuringAnAttemptIsTriedOnceMore() throws Exception {
        Path file = fill(1);
        Filter all = new Filter(null, null, null, false);
        Refusal why = new Refusal("T-1", "no", "");
        try (DeadLetterDesk desk = DeadLetterDesk.at(file, "me");
                DeadLetterLog log = DeadLetterLog.at(file, false)) {
            desk.retry(all, "mended", 9);
            Lane due = log.lanes().due(9, 100, 10).get(0);
            Letter first = log.lanes().letters(due, 100, 10, 1).get(0);
            log.lanes().writing(due, first, "t-1");
            desk.retry(all, "mended once more", 10);
            log.lanes().writing(due, first, "t-2");
            assertThat(log.lanes().refused(due, due.refused(), why, 5, 11, Optional.empty()))
                    .isEqualTo(LaneState.DUE);
            assertThat(log.lanes().due(11, 100, 10)).hasSize(1);

            log.lanes().writing(due, first, "t-3");
            assertThat(log.lanes().refused(due, due.refused(), why, 5, 12, Optional.empty()))
                    .as("once")
                    .isEqualTo(LaneState.DEAD);
            desk.retry(all, "again", 13);
            log.lanes().writing(due, first, "t-4");
            desk.retry(all, "and again", 14);
            log.lanes().unsure(due, why, 5, 15, 1_000);
            log.lanes().notWritten(due, 5);
            assertThat(log.lanes().due(15, 100, 10)).hasSize(1);
        }
    }

    /** What was refused at 5 and waits until 6 is not left alone for an hour because the clock was set to 4. */
    @Test
    void aClockThatIsSetBackKeepsNothingWaiting() throws Exception {
        try (DeadLetterLog log = DeadLetterLog.at(fill(1), false)) {
            assertThat(log.lanes().due(5, 100, 10)).isEmpty();
            assertThat(log.lanes().due(6, 100, 10)).hasSize(1);
            assertThat(log.lanes().due(4, 100, 10)).hasSize(1);
        }
    }

    private static ChangeEvent mended(ChangeEvent before) {
        Row row = Row.of(ORDERS, before.image().value(0), "mended");
        return ChangeEvent.ofChange(before.operation(), ORDERS, before.position(), before.ordinal(), null, row);
    }

    @Test
    void thereIsNothingBeforeSomethingWasRefused() throws Exception {
        Path file = DeadLetterLog.file(directory, "s");
        try (DeadLetterDesk desk = DeadLetterDesk.at(file, "me")) {
            assertThat(read(desk, new Filter(null, null, null, false))).isEmpty();
            assertThat(desk.retry(new Filter(null, null, null, false), "", 9)).isEmpty();
            assertThat(desk.orders()).isEmpty();
        }
        assertThat(file).doesNotExist();
    }
}
