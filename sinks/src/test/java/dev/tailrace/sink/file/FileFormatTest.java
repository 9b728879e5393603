package dev.tailrace.sink.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.TestSchemas;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk, byte by byte: lines, manifest, checkpoint file, names. */
class FileFormatTest {
    /** Version 1 as it was first written. Never edit: a directory of that time must stay readable. */
    private static final String GOLDEN_STATE_1 = "{\"version\":1,\"pipeline\":\"agent/files\",\"epoch\":7,"
            + "\"journal\":\"journal-1\",\"sequence\":42,\"position\":\"0/16B3748\",\"files\":2,\"manifestBytes\":311,"
            + "\"sealing\":[{\"file\":\"changes/0000000001-a.jsonl\",\"bytes\":10,\"rows\":1,\"crc32c\":\"0000000a\","
            + "\"firstId\":\"a\",\"lastId\":\"b\",\"firstPosition\":\"0/1\",\"lastPosition\":\"0/2\","
            + "\"schemas\":[\"public.orders@1\"],\"openedMillis\":5}],\"open\":[]}\ncrc32c 79931e96\n";
    /** Version 2, with tokens; the same holds. */
    private static final String GOLDEN_STATE_2 = GOLDEN_STATE_1
            .replace("\"version\":1", "\"version\":2")
            .replace("\"epoch\":7,", "\"epoch\":7,\"epochToken\":\"00000000000000b2\",")
            .replace("\"sequence\":42,", "\"sequence\":42,\"sequenceToken\":\"00000000000000a1\",")
            .replace("79931e96", "a02a7c0a");

    private static final String GOLDEN_STATE_3 = GOLDEN_STATE_2
            .replace("\"version\":2", "\"version\":3")
            .replace("\"files\":2,", "\"redriven\":\"00000000000000b2-3\",\"files\":2,")
            .replace("a02a7c0a", "23f83472");

    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong(1_764_000_000_000L);
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now.get());
        }
    };

    private Sink open(Map<String, Object> keys) throws Exception {
        Sink sink = FileTarget.configured(Disk.REAL, clock, keys).create();
        sink.open(FileSinkRecoveryTest.context(1, FaultPoint.NONE));
        return sink;
    }

    @Test
    void writesLinesThatAConsumerCanRelyOn() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, null, "a\n", "d", new BigDecimal("1.5000"))
                .rekey(TestSchemas.ORDERS, List.of(1L), 2L, 5, "b", Row.absent(), null)
                .delete(TestSchemas.ORDERS, 2L)
                .truncate(TestSchemas.ORDERS)
                .commit();
        try (Sink sink = open(Map.of("directory", directory))) {
            sink.write(stream.frames().get(0).batch());
        }
        State state = new Directory(Disk.REAL, directory).state().orElseThrow();
        FileEntry entry = state.open().get(0);
        String id = "pg-7461352123456789012-1-00000000-00000000016b3";
        assertThat(entry.file()).isEqualTo("changes/0000000001-" + id + "780-00000000.jsonl");
        String tail = ",\"transaction\":\"700\",\"committed\":\"2025-11-24T16:00:00.123456Z\",\"version\":1,"
                + "\"snapshot\":false}\n";
        String table = "\"schema\":\"public\",\"table\":\"orders\"";
        assertThat(Files.readString(directory.resolve(entry.partFile())))
                .isEqualTo("{\"id\":\"" + id + "780-00000000\",\"op\":\"c\"," + table + ",\"key\":{\"id\":1},"
                        + "\"after\":{\"id\":1,\"customer\":null,\"note\":\"a\\n\",\"document\":\"d\","
                        + "\"amount\":\"1.5000\"},\"position\":\"0/16B3780\"" + tail
                        + "{\"id\":\"" + id + "7b8-00000000\",\"op\":\"u\"," + table + ",\"key\":{\"id\":2},"
                        + "\"before\":{\"id\":1},\"after\":{\"id\":2,\"customer\":5,\"note\":\"b\",\"amount\":null},"
                        + "\"absent\":[\"document\"],\"position\":\"0/16B37B8\"" + tail
                        + "{\"id\":\"" + id + "7f0-00000000\",\"op\":\"d\"," + table + ",\"key\":{\"id\":2},"
                        + "\"before\":{\"id\":2},\"position\":\"0/16B37F0\"" + tail
                        + "{\"id\":\"" + id + "828-00000000\",\"op\":\"t\"," + table
                        + ",\"position\":\"0/16B3828\"" + tail);
    }

    @Test
    void readsAndWritesTheCheckpointFileOfVersionThree() throws Exception {
        State state = state("00000000000000b2", "00000000000000a1", "00000000000000b2-3");
        assertThat(new String(state.bytes(), StandardCharsets.UTF_8)).isEqualTo(GOLDEN_STATE_3);
        assertThat(State.of(GOLDEN_STATE_3.getBytes(StandardCharsets.UTF_8))).isEqualTo(state);
    }

    @Test
    void readsTheCheckpointFileOfVersionTwo() throws Exception {
        assertThat(State.of(GOLDEN_STATE_2.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(state("00000000000000b2", "00000000000000a1", ""));
    }

    @Test
    void readsTheCheckpointFileOfVersionOne() throws Exception {
        assertThat(State.of(GOLDEN_STATE_1.getBytes(StandardCharsets.UTF_8))).isEqualTo(state("", "", ""));
    }

    private static State state(String epochToken, String sequenceToken, String redriven) {
        FileEntry entry = new FileEntry(
                "changes/0000000001-a.jsonl", 10, 1, 10, "a", "b", "0/1", "0/2", List.of("public.orders@1"), 5);
        Checkpoint checkpoint = new Checkpoint("journal-1", 42, sequenceToken, "0/16B3748");
        return new State("agent/files", 7, epochToken, checkpoint, redriven, 2, 311, List.of(entry), List.of());
    }

    @Test
    void rotatesByAgeAtTheNextWriteOfAnyTable() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "d", null).commit();
        stream.insert(TestSchemas.ORDERS_UPPER, 1L, "b").commit();
        try (Sink sink = open(Map.of("directory", directory, "split", "table", "rotate-age", "60s"))) {
            sink.write(stream.frames().get(0).batch());
            now.addAndGet(Duration.ofSeconds(61).toMillis());
            sink.write(stream.frames().get(1).batch());
        }
        assertThat(Archive.manifest(directory)).singleElement().satisfies(entry -> {
            assertThat(entry.stream()).isEqualTo("public.orders");
            assertThat(entry.schemas()).containsExactly("public.orders@1");
        });
        assertThat(Archive.contents(directory).ids()).hasSize(2);
    }

    @Test
    void givesTablesNamesThatNoFileSystemMixesUp() {
        assertThat(StreamNames.of(new TableId("public", "orders"))).isEqualTo("public.orders");
        assertThat(StreamNames.of(new TableId("public", "ORDERS")))
                .matches("public\\.ORDERS~[0-9a-f]{16}")
                .isNotEqualToIgnoringCase("public.orders");
        assertThat(StreamNames.of(new TableId("a.b", "c"))).isEqualTo("a%2Eb.c");
        assertThat(StreamNames.of(new TableId("a", "b.c"))).isEqualTo("a.b%2Ec");
        assertThat(StreamNames.of(new TableId("..", "../x~ é"))).isEqualTo("%2E%2E.%2E%2E%2Fx%7E%20%C3%A9");
        String prefix = "x".repeat(300);
        String one = StreamNames.of(new TableId("s", prefix + "1"));
        assertThat(one).hasSizeLessThan(255).isNotEqualTo(StreamNames.of(new TableId("s", prefix + "2")));
    }

    @Test
    void reportsEveryProblemOfItsKeys() {
        MapSettings settings = new MapSettings(Map.of(
                "format", "csv", "split", "database", "compression", "zstd", "rotate-rows", 0, "rotate-size", "1B"));
        new FileSinkFactory().configure(settings);
        assertThat(settings.problems())
                .extracting(p -> p.substring(0, p.indexOf(':')))
                .containsExactlyInAnyOrder("format", "directory", "split", "compression", "rotate-rows", "rotate-size");
    }
}
