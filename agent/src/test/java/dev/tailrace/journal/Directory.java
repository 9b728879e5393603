package dev.tailrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Copies of journals, to be damaged. */
final class Directory {
    private Directory() {}

    /** Copies file by file in order of their names, as an operator's cp does; files that vanish meanwhile are left out. */
    static Path copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.sorted().toList();
        }
        for (Path path : all) {
            Path target = to.resolve(from.relativize(path).toString());
            try {
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (!path.endsWith("lock")) {
                    Files.copy(path, target);
                }
            } catch (NoSuchFileException e) {
                continue;
            }
        }
        return to;
    }

    static List<Path> cycles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }
}
