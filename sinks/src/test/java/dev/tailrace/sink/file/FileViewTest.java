package dev.tailrace.sink.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.TestSchemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The view in front of a sink that keeps everything it is given: what is masked or filtered is in no file. */
class FileViewTest {
    @TempDir
    Path directory;

    @Test
    void nothingMaskedOrFilteredIsInAnyFile() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "secret-note", "secret-document", null)
                .insert(TestSchemas.ORDERS, 2L, 2, "filtered-note", "filtered-document", null)
                .commit();
        stream.add(
                        Operation.UPDATE,
                        TestSchemas.ORDERS,
                        Row.of(TestSchemas.ORDERS, 1L, 1, "secret-note", "secret-document", null),
                        Row.of(TestSchemas.ORDERS, 1L, 1, "secret-again", Row.absent(), null))
                .truncate(TestSchemas.ORDERS)
                .part();
        stream.insert(TestSchemas.ORDERS, 3L, 2, "filtered-part", "x", null).part();
        stream.commit();
        Path files = directory.resolve("archive");
        Map<String, ?> keys = Map.of(
                "directory",
                files,
                "mask-key",
                "0123456789abcdef",
                "truncate",
                "ignore",
                "where",
                Map.of("public.orders", "customer = 1"),
                "columns",
                Map.of("public.orders", Map.of("hash", List.of("note"), "drop", List.of("document"))));
        try (Sink sink =
                FileTarget.configured(new FaultyDisk(), Clock.systemUTC(), keys).create()) {
            sink.open(new SinkContext(
                    "agent",
                    "s",
                    ChangeStream.JOURNAL,
                    1,
                    "t",
                    directory,
                    List.of(TestSchemas.ORDERS),
                    FaultPoint.NONE));
            for (var frame : stream.frames()) {
                sink.write(frame.batch());
            }
        }
        StringBuilder all = new StringBuilder();
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        assertThat(all.toString())
                .contains(
                        stream.events().get(0).id().text(),
                        stream.events().get(2).id().text())
                .doesNotContain(
                        "secret",
                        "filtered",
                        "document",
                        stream.events().get(1).id().text())
                .doesNotContain("\"op\":\"t\"");
    }
}
