package dev.tailrace.sink.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailrace.event.EventId;
import dev.tailrace.sink.Contents;
import dev.tailrace.sink.JsonChanges;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;

/** Reads a file sink's directory as a consumer does, and checks that files, manifest and checkpoint agree. */
final class Archive {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Archive() {}

    /** The manifest's lines, each checked against its file. */
    static List<FileEntry> manifest(Path root) throws IOException {
        Path manifest = root.resolve(Directory.MANIFEST);
        List<FileEntry> entries = new ArrayList<>();
        if (Files.exists(manifest)) {
            String text = Files.readString(manifest);
            assertThat(text)
                    .as("manifest")
                    .satisfies(t -> assertThat(t.isEmpty() || t.endsWith("\n")).isTrue());
            for (String line : text.lines().toList()) {
                entries.add(FileEntry.read(JSON.readTree(line)));
            }
        }
        assertThat(entries.stream().map(FileEntry::file)).as("manifest").doesNotHaveDuplicates();
        for (FileEntry entry : entries) {
            check(entry, Files.readAllBytes(root.resolve(entry.file())));
        }
        return entries;
    }

    /** All lines that are valid now, by file number: sealed files whole, open ones up to the checkpoint. */
    static List<JsonNode> lines(Path root) throws Exception {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (FileEntry entry : manifest(root)) {
            contents.put(entry.file(), Files.readAllBytes(root.resolve(entry.file())));
        }
        State state = new Directory(Disk.REAL, root).state().orElse(null);
        if (state != null) {
            for (FileEntry entry : state.sealing()) {
                assertThat(contents.containsKey(entry.file())
                                || Files.exists(root.resolve(entry.file()))
                                || Files.exists(root.resolve(entry.partFile())))
                        .isTrue();
            }
            for (FileEntry entry : state.open()) {
                byte[] bytes = Files.readAllBytes(root.resolve(entry.partFile()));
                byte[] valid = Arrays.copyOf(bytes, Math.toIntExact(entry.length()));
                check(entry, valid);
                contents.put(entry.file(), valid);
            }
        }
        List<String> names = new ArrayList<>(contents.keySet());
        names.sort(Comparator.comparing(n -> n.substring(n.indexOf('/'))));
        List<JsonNode> lines = new ArrayList<>();
        for (String name : names) {
            lines.addAll(parse(name, contents.get(name)));
        }
        return lines;
    }

    private static List<JsonNode> parse(String name, byte[] bytes) throws IOException {
        byte[] plain =
                name.endsWith(".gz") ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes() : bytes;
        List<JsonNode> lines = new ArrayList<>();
        for (String line : new String(plain, java.nio.charset.StandardCharsets.UTF_8).split("\n")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static void check(FileEntry entry, byte[] bytes) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        assertThat(bytes.length).as(entry.file()).isEqualTo((int) entry.length());
        assertThat(crc.getValue()).as(entry.file()).isEqualTo(entry.crc32c());
        List<JsonNode> lines = parse(entry.file(), bytes);
        assertThat(lines).as(entry.file()).hasSize((int) entry.rows());
        assertThat(lines.get(0).get("id").textValue()).isEqualTo(entry.firstId());
        assertThat(lines.get(lines.size() - 1).get("id").textValue()).isEqualTo(entry.lastId());
        assertThat(entry.file()).contains(entry.firstId());
    }

    static Contents contents(Path root) throws Exception {
        Contents contents = new Contents();
        for (JsonNode line : lines(root)) {
            contents.ids().add(new EventId(line.get("id").textValue()));
            JsonChanges.fold(contents, line);
        }
        return contents;
    }
}
