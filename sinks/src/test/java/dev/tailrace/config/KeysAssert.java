package dev.tailrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Fails when code reads a configuration key, or gives it a default, that the test does not name: no key comes or changes
 * unnoticed.
 */
public final class KeysAssert {
    private KeysAssert() {}

    /**
     * @param minimal YAML with the required keys alone
     * @param keys every key that is read, by path, with the value in effect as {@code check} shows it ({@code -} when
     *     unset)
     */
    public static void assertKeys(String minimal, Consumer<Settings> reader, Map<String, String> keys)
            throws IOException {
        assertKeysOfFile(minimal, configuration -> reader.accept(configuration.root()), keys);
    }

    /** As {@link #assertKeys}, for what reads a whole file. */
    public static void assertKeysOfFile(String minimal, Consumer<Configuration> reader, Map<String, String> keys)
            throws IOException {
        Path file = Files.createTempFile("keys", ".yaml");
        try {
            Files.writeString(file, minimal);
            Configuration configuration = new ConfigurationReader(name -> null).read(file);
            reader.accept(configuration);
            assertThat(FindingReport.of(configuration.findings())).isEmpty();
            Map<String, String> read = new LinkedHashMap<>();
            configuration.effective().rows().forEach(row -> read.put(row.key(), row.value()));
            assertThat(read).containsExactlyInAnyOrderEntriesOf(keys);
        } finally {
            Files.delete(file);
        }
    }
}
