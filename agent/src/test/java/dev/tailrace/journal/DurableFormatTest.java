package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The bytes of every format, written down: later versions read them. A test that fails here means a new format number, never a
 * new golden file for an old one.
 */
class DurableFormatTest {

    @Test
    void formatTwoIsWhatItWas() throws IOException {
        assertThat(render()).isEqualTo(golden(2));
    }

    @Test
    void formatTwoIsStillRead() throws IOException, DamagedFrameException {
        assertIsRead(2, cycle(starts(), true));
    }

    @Test
    void formatOneIsStillRead() throws IOException, DamagedFrameException {
        assertIsRead(1, cycle(Starts.NONE, false));
    }

    private static void assertIsRead(int format, CycleHeader cycle) throws IOException, DamagedFrameException {
        Map<String, byte[]> documents = new TreeMap<>();
        for (String line : golden(format).split("\n")) {
            String[] nameAndHex = line.split(" ");
            documents.put(nameAndHex[0], HexFormat.of().parseHex(nameAndHex[1]));
        }
        FrameHeader header = FrameHeader.read(documents.get("TRANSACTIONS"));
        assertThat(header.sequence()).isEqualTo(42);
        assertThat(header.format()).isEqualTo(format);
        assertThat(SchemaCodec.read(payload(documents.get("SCHEMA")))).isEqualTo(Samples.everything());
        assertThat(CycleHeader.read(payload(documents.get("CYCLE")), format)).isEqualTo(cycle);
        FrameInput in = payload(documents.get("TRANSACTIONS"));
        assertThat(FramePrefix.read(in)).isEqualTo(prefix());
        assertThat(in.count()).isEqualTo(1);
        Transaction read = TransactionCodec.read(in, prefix().base(), id -> Samples.everything(), table -> true);
        assertThat(read.events()).hasSize(4);
        assertThat(read.events().get(0).image().value(0))
                .isEqualTo(transaction().events().get(0).image().value(0));
        assertThat(read.id()).isEqualTo("4711");
        if (format > 1) {
            assertThat(HistoryCodec.read(payload(documents.get("SCHEMA_HISTORY"))))
                    .isEqualTo(history());
        }
    }

    private static String render() {
        StringBuilder text = new StringBuilder();
        FrameOutput out = new FrameOutput();
        cycle(starts(), true).write(out);
        text.append(line(Frame.Kind.CYCLE, out));
        SchemaCodec.write(out.reset(), Samples.everything());
        text.append(line(Frame.Kind.SCHEMA, out));
        prefix().write(out.reset());
        out.varint(1);
        TransactionCodec.write(out, transaction(), prefix().base());
        text.append(line(Frame.Kind.TRANSACTIONS, out));
        HistoryCodec.write(out.reset(), history());
        text.append(line(Frame.Kind.SCHEMA_HISTORY, out));
        return text.toString();
    }

    private static String line(Frame.Kind kind, FrameOutput out) {
        byte[] header = new byte[FrameHeader.SIZE];
        new FrameHeader(kind, 42, 3, 0, 1, out.chunkLength(0)).write(header, out.chunk(0));
        HexFormat hex = HexFormat.of();
        return kind + " " + hex.formatHex(header) + hex.formatHex(out.chunk(0), 0, out.chunkLength(0)) + "\n";
    }

    private static FrameInput payload(byte[] document) throws DamagedFrameException {
        assertThat(FrameHeader.read(document).epoch()).isEqualTo(3);
        FrameInput in = new FrameInput(FrameHeader.SIZE);
        in.add(document);
        return in;
    }

    private static Starts starts() {
        return Starts.NONE.with(3, 0x0f1e2d3c4b5a6978L).with(41, -2);
    }

    private static CycleHeader cycle(Starts starts, boolean history) {
        TailState state = new TailState();
        state.start(5, Map.of("slot", "tailrace_shop", "system", "7312345678901234567"));
        state.apply(Frame.Kind.TRANSACTIONS, 41, prefix());
        return new CycleHeader(
                "5f0c6c1e-6a51-4c1f-9d2a-0c6f3d1e2b4a",
                1_700_000_000_000_000L,
                12,
                41,
                268_435_456,
                40,
                List.of(new SequenceRange(3, 9)),
                starts,
                state.toTail(),
                8,
                2,
                history);
    }

    private static HistoryCodec.Entry history() {
        return new HistoryCodec.Entry(
                Samples.offset(1235),
                1_700_000_000_123_457L,
                true,
                Map.of("t:orders", Optional.of("{\"ä\": 1}"), "t:gone", Optional.empty()));
    }

    private static FramePrefix prefix() {
        return FramePrefix.of(Samples.offset(1234), 1_700_000_000_123_456L);
    }

    private static Transaction transaction() {
        TableSchema schema = Samples.everything();
        Random random = new Random(2026);
        Row row = Samples.row(random, schema, true);
        Row other = Samples.row(random, schema, false);
        List<ChangeEvent> events = List.of(
                ChangeEvent.ofChange(Operation.UPDATE, schema, Samples.position(1230), 1, row, other),
                ChangeEvent.ofChange(Operation.DELETE, schema, Samples.position(1231), 0, row, null),
                ChangeEvent.ofChange(Operation.TRUNCATE, schema, Samples.position(1232), 0, null, null),
                ChangeEvent.ofSnapshot(Operation.READ, schema, Samples.position(1233), 3, 17, other));
        return Transaction.whole("4711", Samples.position(1234), 1_700_000_000_123_456L, events);
    }

    private static String golden(int format) throws IOException {
        String name = "format-" + format + ".hex";
        try (InputStream in = DurableFormatTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
