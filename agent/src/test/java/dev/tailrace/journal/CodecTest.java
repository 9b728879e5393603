package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.event.BoundedArray;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is encoded comes back the same, and nothing that cannot come back is encoded. */
class CodecTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void randomRowsOfEveryTypeComeBack(long seed) {
        Random random = new Random(seed);
        TableSchema schema = Samples.everything();
        for (int i = 0; i < 500; i++) {
            Row row = Samples.row(random, schema, i % 2 == 0);
            FrameOutput out = new FrameOutput();
            RowCodec.write(out, row);
            FrameInput in = input(out);
            Row read = RowCodec.read(in, schema);
            assertThat(sameRow(read, row)).as("seed %d row %d", seed, i).isTrue();
            assertThat(in.position()).isEqualTo(in.size());
        }
    }

    /** Its bytes are durable: what reads them later must find them so. */
    @Test
    void boundsOfAnArrayComeBack() {
        Column column = new Column("a", "_int4", -1, -1, true, ValueType.ARRAY, ValueType.INT32);
        BoundedArray array =
                new BoundedArray("[0:1][2:3]", List.of(List.of(1, 2), java.util.Arrays.asList((Integer) null, 4)));
        FrameOutput out = new FrameOutput();
        ValueCodec.write(out, column, array);
        assertThat(HexFormat.of().formatHex(out.chunk(0), 0, out.chunkLength(0)))
                .isEqualTo("02" + "030a" + "5b303a315d5b323a335d" + "0202" + "01020104" + "0202" + "000108");
        assertThat(ValueCodec.read(input(out), column)).isEqualTo(array);
        out.reset();
        ValueCodec.write(out, column, List.of(7));
        assertThat(ValueCodec.read(input(out), column)).isEqualTo(List.of(7)).isNotInstanceOf(BoundedArray.class);
    }

    @Test
    void schemaComesBack() {
        FrameOutput out = new FrameOutput();
        SchemaCodec.write(out, Samples.everything());
        assertThat(SchemaCodec.read(input(out))).isEqualTo(Samples.everything());
    }

    /** I7: a replay and a sink that comes later find it with the shape; what older versions wrote ends before it. */
    @Test
    void valuesOfRowsFromBeforeAColumnComeBackWithTheShape() {
        List<Column> columns = List.of(
                Column.of("id", "int8", ValueType.INT64, false),
                Column.of("n", "numeric", ValueType.DECIMAL, true),
                new Column("a", "_text", -1, -1, true, ValueType.ARRAY, ValueType.TEXT));
        Map<String, Object> existing = Map.of("n", new BigDecimal("1.50"), "a", List.of("x", "y"));
        FrameOutput with = new FrameOutput();
        SchemaCodec.write(with, new TableSchema(7, Samples.ORDERS, 2, columns, List.of(0), existing));
        FrameOutput without = new FrameOutput();
        SchemaCodec.write(without, new TableSchema(7, Samples.ORDERS, 2, columns, List.of(0)));
        FrameInput in = input(with);
        assertThat(SchemaCodec.read(in).existing()).isEqualTo(existing);
        assertThat(in.position()).isEqualTo(in.size());
        assertThat(SchemaCodec.read(input(without)).existing()).isEmpty();
        // what a version reads that does not know it: the same bytes, and more behind them
        assertThat(hex(with))
                .startsWith(hex(without))
                .isEqualTo(hex(without) + "01" + "02" + "02" + "02" + "010178" + "010179" + "01" + "0004ac02");
    }

    private static String hex(FrameOutput out) {
        return HexFormat.of().formatHex(out.chunk(0), 0, out.chunkLength(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 6, 7})
    void transactionsLargerThanAFragmentComeBack(long seed) {
        Random random = new Random(seed);
        TableSchema schema = Samples.everything();
        List<ChangeEvent> events = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Row row = Samples.row(random, schema, true);
            events.add(ChangeEvent.ofChange(Operation.UPDATE, schema, Samples.position(i), i % 3, row, row));
        }
        Transaction transaction = Transaction.whole("4711", Samples.position(99), 123_456_789, events);
        FrameOutput out = new FrameOutput();
        TransactionCodec.write(out, transaction, Samples.position(5));
        assertThat(out.chunkCount()).isGreaterThan(1);
        Transaction read = TransactionCodec.read(input(out), Samples.position(5), id -> schema, table -> true);
        assertThat(read.position()).isEqualTo(transaction.position());
        assertThat(read.events()).hasSameSizeAs(events);
        for (int i = 0; i < events.size(); i++) {
            ChangeEvent event = read.events().get(i);
            assertThat(event.id()).isEqualTo(events.get(i).id());
            assertThat(sameRow(event.image(), events.get(i).image())).isTrue();
        }
        Transaction none = TransactionCodec.read(input(out), Samples.position(5), id -> schema, table -> false);
        assertThat(none.events()).isEmpty();
        assertThat(none.id()).isEqualTo("4711");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 4_194_303, 9_000_001})
    void textOfAnyLengthComesBack(int length) {
        String text = "x".repeat(length / 2) + "\ud83d\ude00".repeat(length % 7) + "\u20ac".repeat(length / 2);
        FrameOutput out = new FrameOutput();
        out.u8(1);
        out.string(text);
        FrameInput in = input(out);
        in.u8();
        assertThat(in.string().equals(text)).isTrue();
    }

    @Test
    void valueOfAnotherClassIsRefused() {
        FrameOutput out = new FrameOutput();
        assertThatThrownBy(() -> ValueCodec.write(out, Column.of("n", "int4", ValueType.INT32, true), 5L))
                .isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> ValueCodec.write(out, Column.of("n", "numeric", ValueType.DECIMAL, true), 1.5))
                .isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> ValueCodec.write(out, Column.of("n", "bit", ValueType.BITS, true), "012"))
                .isInstanceOf(ClassCastException.class);
    }

    @Test
    void cycleHeaderComesBack() {
        TailState state = new TailState();
        state.start(3, java.util.Map.of("slot", "s", "system", "77"));
        state.apply(Frame.Kind.OFFSET, 4, FramePrefix.of(Samples.offset(12), 5));
        CycleHeader header = new CycleHeader(
                "id",
                1,
                -1,
                50,
                1234,
                47,
                List.of(new SequenceRange(3, 9)),
                Starts.NONE.with(2, -7).with(40, 7),
                state.toTail(),
                12,
                3,
                true);
        FrameOutput out = new FrameOutput();
        header.write(out);
        assertThat(CycleHeader.read(input(out), FrameHeader.FORMAT)).isEqualTo(header);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyFlippedBitIsNoticed(long seed) throws DamagedFrameException {
        Random random = new Random(seed);
        byte[] payload = new byte[200];
        random.nextBytes(payload);
        byte[] header = new byte[FrameHeader.SIZE];
        FrameHeader written = new FrameHeader(Frame.Kind.PART, 77, 3, 1, 2, payload.length);
        written.write(header, payload);
        byte[] document = java.util.Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, document, header.length, payload.length);
        assertThat(FrameHeader.read(document)).isEqualTo(written);
        for (int bit = 0; bit < document.length * 8; bit++) {
            document[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> FrameHeader.read(document)).isInstanceOf(DamagedFrameException.class);
            document[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    /** Row.equals compares byte arrays, but not those within lists. */
    private static boolean sameRow(Row one, Row other) {
        for (int i = 0; i < one.schema().size(); i++) {
            boolean same = one.isAbsent(i) == other.isAbsent(i)
                    && (one.isAbsent(i) || sameValue(one.value(i), other.value(i)));
            if (!same) {
                return false;
            }
        }
        return one.schema().equals(other.schema());
    }

    private static boolean sameValue(@Nullable Object one, @Nullable Object other) {
        if (one instanceof List<?> list && other instanceof List<?> others && list.size() == others.size()) {
            for (int i = 0; i < list.size(); i++) {
                if (!sameValue(list.get(i), others.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return Objects.deepEquals(one, other);
    }

    private static FrameInput input(FrameOutput out) {
        FrameInput in = new FrameInput(0);
        for (int i = 0; i < out.chunkCount(); i++) {
            in.add(java.util.Arrays.copyOf(out.chunk(i), out.chunkLength(i)));
        }
        return in;
    }
}
