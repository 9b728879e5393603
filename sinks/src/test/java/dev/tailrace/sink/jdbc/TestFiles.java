package dev.tailrace.sink.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the files of the embedded databases are; gone when this JVM ends. */
final class TestFiles {
    static final Path DIRECTORY = make();

    private TestFiles() {}

    private static Path make() {
        try {
            Path directory = Files.createTempDirectory("tailrace-embedded");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "delete-embedded"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
