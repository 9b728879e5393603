package dev.tailrace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names of the journal's files. A file's number is that of an hour since 1970, which is how Chronicle names it. */
final class CycleFiles {
    static final String SUFFIX = ".cq4";
    private static final Pattern NAME = Pattern.compile("(\\d{8})-(\\d{2})F" + Pattern.quote(SUFFIX));
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final String METADATA = "metadata.cq4t";

    private final Path directory;

    CycleFiles(Path directory) {
        this.directory = directory;
    }

    Path file(int cycle) {
        LocalDate day = LocalDate.ofEpochDay(cycle / 24);
        return directory.resolve(String.format("%s-%02dF" + SUFFIX, DAY.format(day), cycle % 24));
    }

    /** The numbers of all files there are, ascending. */
    List<Integer> list() throws IOException {
        TreeSet<Integer> cycles = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher matcher = NAME.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    cycles.add(number(matcher));
                }
            }
        } catch (DateTimeException e) {
            throw new IOException("a file in " + directory + " has the name of a journal file but is none", e);
        }
        return new ArrayList<>(cycles);
    }

    private static int number(Matcher matcher) {
        long day = LocalDate.parse(matcher.group(1), DAY).toEpochDay();
        return Math.toIntExact(day * 24 + Integer.parseInt(matcher.group(2)));
    }

    /** Identity of Chronicle's listing of files, null when there is none at the moment. */
    @Nullable
    Object metadata() {
        try {
            Path file = directory.resolve(METADATA);
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Makes Chronicle's own lock and listing anew, empty: a process number that was used again would block the start.
     *
     * @throws IOException when the disk is full, among others
     */
    void renewMetadata() throws IOException {
        Path file = directory.resolve(METADATA);
        Files.deleteIfExists(file);
        Preallocation.table(file);
    }

    long length(int cycle) {
        try {
            return Files.size(file(cycle));
        } catch (IOException e) {
            return 0;
        }
    }

    Path directory() {
        return directory;
    }
}
