package dev.tailrace.sink.file;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tailrace.event.ChangeEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one file of changes at a checkpoint: enough to cut it back to that point, and its manifest line.
 *
 * @param file {@code <stream>/<number>-<first id>.jsonl}, relative to the sink's directory, without {@code .part}
 * @param length bytes that belong to the checkpoint
 * @param rows lines in it
 * @param crc32c of those bytes
 * @param firstId of the first change; {@code lastId} of the last one, positions likewise
 * @param schemas the table schema versions in it, as {@code schema.table@version}, in order of appearance
 * @param openedMillis when the file was begun, milliseconds since 1970-01-01T00:00:00Z
 */
record FileEntry(
        String file,
        long length,
        long rows,
        long crc32c,
        String firstId,
        String lastId,
        String firstPosition,
        String lastPosition,
        List<String> schemas,
        long openedMillis) {
    FileEntry {
        schemas = List.copyOf(schemas);
    }

    /** A file without content. */
    static FileEntry begin(String file, ChangeEvent first, long nowMillis) {
        String id = first.id().text();
        String position = first.position().toString();
        return new FileEntry(file, 0, 0, 0, id, id, position, position, List.of(), nowMillis);
    }

    String stream() {
        return file.substring(0, file.indexOf('/'));
    }

    String partFile() {
        return file + ".part";
    }

    boolean compressed() {
        return file.endsWith(".gz");
    }

    /** The line for the manifest, and the form within the checkpoint. */
    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", file);
        json.writeNumberField("bytes", length);
        json.writeNumberField("rows", rows);
        json.writeStringField("crc32c", String.format("%08x", crc32c));
        json.writeStringField("firstId", firstId);
        json.writeStringField("lastId", lastId);
        json.writeStringField("firstPosition", firstPosition);
        json.writeStringField("lastPosition", lastPosition);
        json.writeArrayFieldStart("schemas");
        for (String schema : schemas) {
            json.writeString(schema);
        }
        json.writeEndArray();
        json.writeNumberField("openedMillis", openedMillis);
        json.writeEndObject();
    }

    /** @throws IllegalArgumentException when a field is missing */
    static FileEntry read(JsonNode json) {
        List<String> schemas = new ArrayList<>();
        json.required("schemas").forEach(s -> schemas.add(s.textValue()));
        return new FileEntry(
                json.required("file").textValue(),
                json.required("bytes").longValue(),
                json.required("rows").longValue(),
                Long.parseLong(json.required("crc32c").textValue(), 16),
                json.required("firstId").textValue(),
                json.required("lastId").textValue(),
                json.required("firstPosition").textValue(),
                json.required("lastPosition").textValue(),
                schemas,
                json.required("openedMillis").longValue());
    }
}
