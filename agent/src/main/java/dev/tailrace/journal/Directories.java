package dev.tailrace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes the entries of a directory durable: a fsynced file whose name is lost is lost. Any thread. */
public final class Directories {
    private Directories() {}

    /** Waits until the names in it survive a power loss. An interrupt is kept for later. */
    public static void force(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
