package dev.tailrace.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeEventTest {
    private static final TableSchema ORDERS = new TableSchema(
            1,
            new TableId("public", "orders"),
            1,
            List.of(
                    Column.of("note", "text", ValueType.TEXT, true),
                    Column.of("id", "int8", ValueType.INT64, false),
                    Column.of("hash", "bytea", ValueType.BYTES, false)),
            List.of(2, 1));
    private static final SourcePosition POSITION = new SourcePosition("pg-7-1", 0, 0x1_016B_3748L);

    private static Row row(Object... values) {
        return Row.of(ORDERS, values);
    }

    @Test
    void idsAreDerivedFromThePositionAloneAndHoldNoDots() {
        ChangeEvent first =
                ChangeEvent.ofChange(Operation.INSERT, ORDERS, POSITION, 3, null, row("a", 1L, new byte[] {1}));
        ChangeEvent again =
                ChangeEvent.ofChange(Operation.INSERT, ORDERS, POSITION, 3, null, row("b", 2L, new byte[] {2}));

        assertThat(first.id()).isEqualTo(again.id());
        assertThat(first.id().text())
                .isEqualTo("pg-7-1-00000000-00000001016b3748-00000003")
                .matches("[A-Za-z0-9-]+");
    }

    @Test
    void idsOfOneSourceSortInLogOrder() {
        List<String> ids = List.of(
                EventId.ofChange(new SourcePosition("my-1", 2, 10), 0).text(),
                EventId.ofChange(new SourcePosition("my-1", 2, 10), 11).text(),
                EventId.ofChange(new SourcePosition("my-1", 2, 0x100), 0).text(),
                EventId.ofChange(new SourcePosition("my-1", 11, 4), 0).text(),
                EventId.ofChange(new SourcePosition("my-1", 11, 0xF000_0000_0000_0000L), 0)
                        .text());

        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void snapshotIdsDifferBetweenAttempts() {
        Row row = row("a", 1L, new byte[] {1});

        assertThat(ChangeEvent.ofSnapshot(Operation.READ, ORDERS, POSITION, 1, 0, row)
                        .id())
                .isNotEqualTo(ChangeEvent.ofSnapshot(Operation.READ, ORDERS, POSITION, 2, 0, row)
                        .id());
    }

    @Test
    void anAbsentValueIsNeverTakenForNull() {
        Row row = row(Row.absent(), 1L, new byte[0]);

        assertThat(row.isAbsent(0)).isTrue();
        assertThat(row.isNull(0)).isFalse();
        assertThat(row.hasAbsent()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> row.value(0)).withMessageContaining("note");
    }

    @Test
    void keysCompareByValueInKeyOrderBytesIncluded() {
        assertThat(row("x", 1L, new byte[] {7}).keyValues())
                .isEqualTo(row("y", 1L, new byte[] {7}).keyValues())
                .isNotEqualTo(row("x", 1L, new byte[] {8}).keyValues())
                .element(1)
                .isEqualTo(1L);
    }

    @Test
    void rowsCompareByContentArraysOfBytesIncluded() {
        TableSchema hashes = new TableSchema(
                1,
                new TableId("public", "hashes"),
                1,
                List.of(new Column("all", "_bytea", -1, -1, true, ValueType.ARRAY, ValueType.BYTES)),
                List.of());
        Row row = Row.of(hashes, List.of(new byte[] {1}, List.of(new byte[] {2})));

        assertThat(row)
                .isEqualTo(Row.of(hashes, List.of(new byte[] {1}, List.of(new byte[] {2}))))
                .hasSameHashCodeAs(Row.of(hashes, List.of(new byte[] {1}, List.of(new byte[] {2}))))
                .isNotEqualTo(Row.of(hashes, List.of(new byte[] {1}, List.of(new byte[] {3}))));
    }

    @Test
    void aNullKeyIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> row("x", null, new byte[0]).keyValues())
                .withMessageContaining("id");
    }

    @Test
    void changesOfTheKeyAreSeenOnUpdatesOnly() {
        Row old = row(Row.absent(), 1L, new byte[] {1});
        Row same = row("x", 1L, new byte[] {1});
        Row moved = row("x", 2L, new byte[] {1});

        assertThat(ChangeEvent.ofChange(Operation.UPDATE, ORDERS, POSITION, 0, old, moved)
                        .changesKey())
                .isTrue();
        assertThat(ChangeEvent.ofChange(Operation.UPDATE, ORDERS, POSITION, 0, old, same)
                        .changesKey())
                .isFalse();
        assertThat(ChangeEvent.ofChange(Operation.UPDATE, ORDERS, POSITION, 0, null, moved)
                        .changesKey())
                .isFalse();
        assertThat(ChangeEvent.ofChange(Operation.DELETE, ORDERS, POSITION, 0, old, null)
                        .changesKey())
                .isFalse();
    }

    @Test
    void imagesThatDoNotFitTheOperationAreRefused() {
        Row row = row("x", 1L, new byte[0]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChangeEvent.ofChange(Operation.INSERT, ORDERS, POSITION, 0, row, row));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChangeEvent.ofChange(Operation.UPDATE, ORDERS, POSITION, 0, row, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChangeEvent.ofChange(Operation.DELETE, ORDERS, POSITION, 0, null, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChangeEvent.ofChange(Operation.TRUNCATE, ORDERS, POSITION, 0, null, row));
    }

    @Test
    void noTextOfAnEventShowsAValue() {
        Row row = row("card 4111", 42_424_242L, new byte[0]);
        ChangeEvent event = ChangeEvent.ofChange(Operation.INSERT, ORDERS, POSITION, 0, null, row);

        assertThat(event + " " + row + " " + ORDERS).doesNotContain("4111").doesNotContain("42424242");
    }

    @Test
    void positionsSpeakTheSourcesOwnWords() {
        assertThat(POSITION).hasToString("1/16B3748");
        assertThat(new SourcePosition("my-1", 12, 4711)).hasToString("000012:4711");
    }

    @Test
    void aSchemaRefusesTwoColumnsOfOneNameAndKeysThatAreNoColumns() {
        Column id = Column.of("id", "int4", ValueType.INT32, false);
        TableId table = new TableId("public", "t");

        assertThatIllegalArgumentException().isThrownBy(() -> new TableSchema(1, table, 1, List.of(id, id), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new TableSchema(1, table, 1, List.of(id), List.of(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new TableSchema(1, table, 1, List.of(id), List.of(0, 0)));
    }
}
