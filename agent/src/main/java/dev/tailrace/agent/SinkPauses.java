package dev.tailrace.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which sinks an operator has paused: an empty file {@code data-dir/paused/SINK} each, so that it holds over restarts. Any
 * thread, and beside a running agent only through it.
 */
public final class SinkPauses {
    private final Path directory;

    private SinkPauses(Path directory) {
        this.directory = directory;
    }

    public static SinkPauses in(Path dataDirectory) {
        return new SinkPauses(dataDirectory.resolve("paused"));
    }

    public boolean isPaused(String sink) {
        return Files.exists(directory.resolve(sink));
    }

    /** Durable when it returns. */
    public void pause(String sink) throws IOException {
        if (Files.notExists(directory)) {
            Files.createDirectory(directory);
            OperatorFiles.belongsToTheAgent(directory);
        }
        Path file = directory.resolve(sink);
        if (Files.notExists(file)) {
            Files.createFile(file);
            OperatorFiles.belongsToTheAgent(file);
        }
    }

    /** Durable when it returns. */
    public void resume(String sink) throws IOException {
        if (Files.deleteIfExists(directory.resolve(sink))) {
            dev.tailrace.journal.Directories.force(directory);
        }
    }
}
