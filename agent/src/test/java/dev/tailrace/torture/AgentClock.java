package dev.tailrace.torture;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The wall clock that the agent sees, by libfaketime. Its monotonic clock stays true, as it does on a machine whose clock is
 * set.
 */
final class AgentClock {
    /** So far it is set: farther than a round of a torture is long, which is how its log is read nevertheless. */
    static final Duration FAR = Duration.ofHours(1);

    private final Path library;
    private final Path offset;

    private AgentClock(Path library, Path directory) throws IOException {
        this.library = library;
        this.offset = directory.resolve("clock");
        put(Duration.ZERO);
    }

    /** Empty where the library is not installed. */
    static Optional<AgentClock> attempt(Path directory) throws IOException {
        Path root = Path.of("/usr/lib");
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(root, "*-linux-gnu")) {
            for (Path architecture : architectures) {
                Path library = architecture.resolve(Path.of("faketime", "libfaketimeMT.so.1"));
                if (Files.exists(library)) {
                    return Optional.of(new AgentClock(library, Files.createDirectories(directory)));
                }
            }
        }
        return Optional.empty();
    }

    /** What the agent's environment must have. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                offset.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", // switched on, as some builds have it, every wait with a limit ends at
                // once
                "0",
                "NO_FAKE_STAT",
                "1");
    }

    /** From about a second later on it is ahead by that much, or behind. */
    void put(Duration ahead) throws IOException {
        Path next = offset.resolveSibling("clock.next");
        Files.writeString(next, String.format("%+d\n", ahead.toSeconds()));
        Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
