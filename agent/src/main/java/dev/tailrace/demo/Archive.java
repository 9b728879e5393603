package dev.tailrace.demo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads what the file sink left in its directory, as anybody would who has the files alone. One thread. */
public final class Archive {
    private static final Pattern SNAPSHOT_ROW = Pattern.compile(".*-s[0-9]+-[0-9a-f]{16}");
    private static final Set<String> OF_ONE = Set.of("id", "op", "schema", "table");

    private final Path directory;

    public Archive(Path directory) {
        this.directory = directory;
    }

    /** Takes one line, from the parser that stands at its beginning, and leaves the parser at its end. */
    @FunctionalInterface
    private interface LineReader {
        void line(JsonParser line) throws IOException, SQLException;
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
            String id = id(line);
            if (!all.add(id)) {
                repeated.add(id);
            }
        });
        return new Ids(all, repeated, lines[0]);
    }

    /**
     * The ids that a target which wrote changes late has to have as well. A snapshot that starts over empties each table and
     * brings its rows anew: what such a target had not written of the table's rows before that, it may forget.
     */
    Set<String> owed() throws IOException, SQLException {
        Set<String> owed = new LinkedHashSet<>();
        Map<String, List<String>> read = new HashMap<>();
        read(line -> {
            Map<String, String> texts = texts(line, OF_ONE);
            String id = texts.getOrDefault("id", "");
            owed.add(id);
            if (isOfSnapshot(id)) {
                List<String> rows = read.computeIfAbsent(
                        texts.get("schema") + "." + texts.get("table"), table -> new ArrayList<>());
                if (texts.getOrDefault("op", "").equals("t")) {
                    rows.forEach(owed::remove);
                    rows.clear();
                } else {
                    rows.add(id);
                }
            }
        });
        return owed;
    }

    static boolean isOfSnapshot(String id) {
        return SNAPSHOT_ROW.matcher(id).matches();
    }

    /** The id of a line. */
    private static String id(JsonParser line) throws IOException {
        return texts(line, Set.of("id")).getOrDefault("id", "");
    }

    /** Texts of a line by their names; its values are passed over unread: they may be large. */
    private static Map<String, String> texts(JsonParser line, Set<String> names) throws IOException {
        Map<String, String> texts = new HashMap<>();
        while (line.nextToken() == JsonToken.FIELD_NAME) {
            String name = line.currentName();
            line.nextToken();
            if (names.contains(name)) {
                texts.put(name, line.getText());
            }
            line.skipChildren();
        }
        return texts;
    }

    /** What each line says, by its id, to be compared with {@link Receiver#digests}. */
    Map<String, Long> digests() throws IOException, SQLException {
        Map<String, Long> digests = new HashMap<>();
        read(line -> {
            JsonNode change = LargeJson.MAPPER.readTree(line);
            digests.put(change.path("id").asText(), LargeJson.digest(change));
        });
        return digests;
    }

    /**
     * Applies every line of the shop's tables in order to the empty tables of a scratch shop; then they must equal the
     * source's.
     *
     * @return what could not be applied, empty when all is well
     */
    public List<String> replay(String schema, Shop scratch) throws IOException, SQLException {
        try (Connection connection = scratch.connect();
                Replay replay = new Replay(connection, scratch.replayTarget(connection), schema)) {
            connection.setAutoCommit(false);
            read(line -> replay.apply(LargeJson.MAPPER.readTree(line)));
            connection.commit();
            return replay.wrong();
        }
    }

    /** Takes one line as a tree. */
    @FunctionalInterface
    public interface ChangeReader {
        void change(JsonNode change) throws SQLException;
    }

    /** Every line in order. */
    public void changes(ChangeReader reader) throws IOException, SQLException {
        read(line -> reader.change(LargeJson.MAPPER.readTree(line)));
    }

    private void read(LineReader reader) throws IOException, SQLException {
        for (Map.Entry<String, Long> file : files().entrySet()) {
            try (JsonParser lines =
                    LargeJson.MAPPER.getFactory().createParser(new Head(open(file.getKey()), file.getValue()))) {
                while (lines.nextToken() != null) {
                    reader.line(lines);
                }
            } catch (JsonProcessingException e) {
                // The parser's message shows the line, and the line holds values.
                throw new IOException(file.getKey() + " holds a line that is no JSON");
            }
        }
    }

    /** A file is renamed when it is full, maybe just now. */
    private InputStream open(String file) throws IOException {
        try {
            return Files.newInputStream(directory.resolve(file + ".part"));
        } catch (NoSuchFileException e) {
            return Files.newInputStream(directory.resolve(file));
        }
    }

    /**
     * The valid files with their valid lengths, in the order of their lines: those of the checkpoint, then those of the
     * manifest, which is never behind it.
     */
    private SortedMap<String, Long> files() throws IOException {
        SortedMap<String, Long> files = new TreeMap<>();
        Path checkpoint = directory.resolve("_tailrace").resolve("checkpoint.json");
        if (!Files.exists(checkpoint)) {
            return files;
        }
        JsonNode state =
                LargeJson.MAPPER.readTree(Files.readAllLines(checkpoint).get(0));
        state.path("sealing").forEach(entry -> add(entry, files));
        state.path("open").forEach(entry -> add(entry, files));
        Path manifest = directory.resolve("manifest.jsonl");
        if (Files.exists(manifest)) {
            for (String line : Files.readAllLines(manifest)) {
                add(LargeJson.MAPPER.readTree(line), files);
            }
        }
        return files;
    }

    private static void add(JsonNode entry, SortedMap<String, Long> files) {
        files.put(entry.path("file").asText(), entry.path("bytes").asLong());
    }

    /** The beginning of a file: what lies behind is not committed. */
    private static final class Head extends FilterInputStream {
        private long left;

        Head(InputStream in, long length) {
            super(new BufferedInputStream(in, 1 << 16));
            left = length;
        }

        @Override
        public int read() throws IOException {
            int read = left > 0 ? super.read() : -1;
            left -= read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = super.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }
    }
}
