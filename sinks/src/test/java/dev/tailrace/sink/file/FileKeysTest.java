package dev.tailrace.sink.file;

import static java.util.Map.entry;

import dev.tailrace.config.KeysAssert;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The keys of a sink of type {@code file} and their defaults. */
class FileKeysTest {
    @Test
    void everyKeyAndDefaultIsNamed() throws Exception {
        KeysAssert.assertKeys(
                "directory: /srv/archive",
                settings -> new FileSinkFactory().configure(settings),
                Map.ofEntries(
                        entry("directory", "/srv/archive"),
                        entry("format", "jsonl"),
                        entry("split", "none"),
                        entry("compression", "none"),
                        entry("rotate-size", "64MiB"),
                        entry("rotate-rows", "1000000"),
                        entry("rotate-age", "1h")));
    }
}
