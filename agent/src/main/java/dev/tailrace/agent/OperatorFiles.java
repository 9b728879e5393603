package dev.tailrace.agent;

import dev.tailrace.journal.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files that a command writes into the data directory in the agent's stead, often as root. */
final class OperatorFiles {
    private OperatorFiles() {}

    /** Gives a new file to the owner of its directory, who must be able to write and remove it, and makes its name durable. */
    static void belongsToTheAgent(Path file) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file in no directory");
        if (!Files.getOwner(file).equals(Files.getOwner(directory))) {
            Files.setOwner(file, Files.getOwner(directory));
        }
        Directories.force(directory);
    }
}
