package dev.tailrace.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads what the file sink left in its directory, as anybody would who has the files alone. One thread. */
public final class Archive {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    public Archive(Path directory) {
        this.directory = directory;
    }

    /** Takes one line. */
    @FunctionalInterface
    interface LineReader {
        void line(JsonNode line) throws SQLException;
    }

    /**
     * The ids of all lines.
     *
     * @param all in the order of the lines
     * @param repeated those that stand there more than once
     * @param lines how many lines there are
     */
    public record Ids(Set<String> all, List<String> repeated, long lines) {}

    public Ids ids() throws IOException, SQLException {
        Set<String> all = new LinkedHashSet<>();
        List<String> repeated = new ArrayList<>();
        long[] lines = new long[1];
        read(line -> {
            lines[0]++;
            String id = line.path("id").asText();
            if (!all.add(id)) {
                repeated.add(id);
            }
        });
        return new Ids(all, repeated, lines[0]);
    }

    /**
     * Applies every line in order to empty tables of the same shape; then they must equal the source's.
     *
     * @return what could not be applied, empty when all is well
     */
    public List<String> replay(Connection scratch) throws IOException, SQLException {
        scratch.setAutoCommit(false);
        try (Replay replay = new Replay(scratch)) {
            read(replay::apply);
            scratch.commit();
            return replay.wrong();
        } finally {
            scratch.rollback();
            scratch.setAutoCommit(true);
        }
    }

    private void read(LineReader reader) throws IOException, SQLException {
        for (Path file : files()) {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                String line;
                while ((line = lines.readLine()) != null) {
                    reader.line(JSON.readTree(line));
                }
            } catch (JsonProcessingException e) {
                // The parser's message shows the line, and the line holds values.
                throw new IOException(file.getFileName() + " holds a line that is no JSON");
            }
        }
    }

    /** Files in the order of their lines; the order matters within one table only. */
    private List<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches(".*\\.jsonl(\\.part)?"))
                    .sorted()
                    .toList();
        }
    }
}
