package dev.tailrace.sink.file;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.EventJson;
import dev.tailrace.sink.SinkContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What the checkpoint file holds: everything that a restart needs to cut the directory back to one commit point.
 *
 * <p>Its durable form, version 2: one line of JSON, then {@code crc32c <8 hex digits of that line>}. Versions 1, without
 * tokens of starts, and 2, without that of what waited, are still read.
 *
 * @param pipeline whose directory this is, {@code agent/sink}
 * @param epoch the highest that opened it (I6)
 * @param epochToken of the start of that epoch; empty when it had none
 * @param checkpoint sequence 0 before the first write
 * @param redriven token of the last changes that were written out of their turn; empty when there were none
 * @param files how many files were ever begun; numbers their names
 * @param manifestBytes length of the manifest without the lines of {@code sealing}
 * @param sealing full files, in manifest order, whose renaming and manifest line may be outstanding
 * @param open files that go on growing
 */
record State(
        String pipeline,
        long epoch,
        String epochToken,
        Checkpoint checkpoint,
        String redriven,
        long files,
        long manifestBytes,
        List<FileEntry> sealing,
        List<FileEntry> open) {
    private static final int VERSION = 3;
    private static final int VERSION_WITHOUT_REDRIVEN = 2;
    private static final int VERSION_WITHOUT_TOKENS = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    State {
        sealing = List.copyOf(sealing);
        open = List.copyOf(open);
    }

    static State fresh(SinkContext context) {
        Checkpoint none = new Checkpoint(context.journal(), 0, "", "");
        return new State(context.pipeline(), context.epoch(), context.token(), none, "", 0, 0, List.of(), List.of());
    }

    State heldBy(SinkContext context) {
        return new State(
                pipeline, context.epoch(), context.token(), checkpoint, redriven, files, manifestBytes, sealing, open);
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = EventJson.generator(out)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("pipeline", pipeline);
            json.writeNumberField("epoch", epoch);
            json.writeStringField("epochToken", epochToken);
            json.writeStringField("journal", checkpoint.journal());
            json.writeNumberField("sequence", checkpoint.sequence());
            json.writeStringField("sequenceToken", checkpoint.token());
            json.writeStringField("position", checkpoint.position());
            json.writeStringField("redriven", redriven);
            json.writeNumberField("files", files);
            json.writeNumberField("manifestBytes", manifestBytes);
            entries(json, "sealing", sealing);
            entries(json, "open", open);
            json.writeEndObject();
        }
        out.writeBytes(("\ncrc32c " + crc(out.toByteArray()) + "\n").getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static void entries(JsonGenerator json, String name, List<FileEntry> entries) throws IOException {
        json.writeArrayFieldStart(name);
        for (FileEntry entry : entries) {
            entry.write(json);
        }
        json.writeEndArray();
    }

    /** @throws IOException when the bytes are not a whole state of a version known here */
    static State of(byte[] bytes) throws IOException {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        if (lines.length < 2 || !lines[1].equals("crc32c " + crc(lines[0].getBytes(StandardCharsets.UTF_8)))) {
            throw new IOException("its checksum does not match");
        }
        JsonNode json = MAPPER.readTree(lines[0]);
        int version = json.path("version").intValue();
        if (version < VERSION_WITHOUT_TOKENS || version > VERSION) {
            throw new IOException(
                    "its version is " + json.path("version") + ", this release reads those up to " + VERSION);
        }
        boolean tokens = version > VERSION_WITHOUT_TOKENS;
        try {
            return new State(
                    json.required("pipeline").textValue(),
                    json.required("epoch").longValue(),
                    tokens ? json.required("epochToken").textValue() : "",
                    new Checkpoint(
                            json.required("journal").textValue(),
                            json.required("sequence").longValue(),
                            tokens ? json.required("sequenceToken").textValue() : "",
                            json.required("position").textValue()),
                    version > VERSION_WITHOUT_REDRIVEN
                            ? json.required("redriven").textValue()
                            : "",
                    json.required("files").longValue(),
                    json.required("manifestBytes").longValue(),
                    entries(json.required("sealing")),
                    entries(json.required("open")));
        } catch (IllegalArgumentException e) {
            throw new IOException("a field is missing", e);
        }
    }

    private static List<FileEntry> entries(JsonNode array) {
        List<FileEntry> entries = new ArrayList<>();
        array.forEach(e -> entries.add(FileEntry.read(e)));
        return entries;
    }

    private static String crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return String.format("%08x", crc.getValue());
    }
}
