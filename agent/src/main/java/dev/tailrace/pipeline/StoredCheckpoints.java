package dev.tailrace.pipeline;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The checkpoint files of a data directory, for people: read beside whoever writes them. */
public final class StoredCheckpoints {
    private StoredCheckpoints() {}

    /**
     * How far a sink was when this was stored.
     *
     * @param sequence last frame up to which it lacked nothing
     * @param position of that frame in the source's own words
     */
    public record Place(long sequence, String position) {}

    /** Empty when nothing readable is there. */
    public static Optional<Place> place(Path directory, String sink) {
        try {
            return new CheckpointStore(directory, sink).load().map(c -> new Place(c.passed(), c.position()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty(); // the pipeline reports it when it needs it
        }
    }

    /** The sinks that have a checkpoint there, in order of their names. */
    public static List<String> sinks(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.checkpoint")) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    names.add(name.substring(0, name.length() - ".checkpoint".length()));
                }
            }
        }
        names.sort(null);
        return names;
    }
}
