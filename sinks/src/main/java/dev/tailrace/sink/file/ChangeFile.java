package dev.tailrace.sink.file;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.EventJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** One open {@code .part} file: lines go to its end, {@link #sync} makes them durable. Used by the writing thread only. */
final class ChangeFile {
    private static final int BUFFER = 32 * 1024;

    private final Disk disk;
    private final Path path;
    private final CRC32C crc;
    private final Set<String> schemas;
    private FileEntry entry;
    private long length;
    private long rows;
    private @Nullable FileChannel channel;
    private @Nullable OutputStream out;
    private @Nullable ChangeEvent last;
    private @Nullable TableSchema lastSchema;

    /**
     * @param entry the file at the last checkpoint, or without content
     * @param crc of that content; handed over
     */
    ChangeFile(Disk disk, Path directory, FileEntry entry, CRC32C crc) {
        this.disk = disk;
        this.path = directory.resolve(entry.partFile());
        this.crc = crc;
        this.schemas = new LinkedHashSet<>(entry.schemas());
        this.entry = entry;
        this.length = entry.length();
        this.rows = entry.rows();
    }

    /** Writes one line straight to the file; what a failure leaves of it is cut off by {@link #rollBack}. */
    void append(ChangeEvent event, Transaction transaction) throws IOException {
        OutputStream current = out;
        if (current == null) {
            OutputStream plain = new BufferedOutputStream(new End(), BUFFER);
            current = entry.compressed() ? new GZIPOutputStream(plain, BUFFER) : plain;
            out = current;
        }
        try (JsonGenerator json = EventJson.generator(current)) {
            json.writeStartObject();
            EventJson.change(json, event, transaction);
            json.writeEndObject();
        }
        current.write('\n');
        rows++;
        last = event;
        if (lastSchema != event.schema()) {
            lastSchema = event.schema();
            schemas.add(event.table() + "@" + event.schema().version());
        }
    }

    /** Whether lines were added since the last {@link #sync}. */
    boolean dirty() {
        return out != null;
    }

    /** Whether no checkpoint knows this file yet. */
    boolean unknown() {
        return entry.length() == 0;
    }

    /** Makes all lines durable; the file's name is the caller's. A gzip member ends here. */
    void sync() throws IOException {
        OutputStream current = out;
        if (current == null) {
            return;
        }
        if (current instanceof GZIPOutputStream gzip) {
            gzip.finish();
        }
        current.flush();
        opened().force(false);
        out = null;
    }

    /** The file as it is now, after {@link #sync}. */
    FileEntry entry() {
        ChangeEvent event = last;
        return event == null
                ? entry
                : new FileEntry(
                        entry.file(),
                        length,
                        rows,
                        crc.getValue(),
                        entry.firstId(),
                        event.id().text(),
                        entry.firstPosition(),
                        event.position().toString(),
                        List.copyOf(schemas),
                        entry.openedMillis());
    }

    /** The checkpoint now holds this entry. */
    void checkpointed(FileEntry durable) {
        entry = durable;
    }

    /** Cuts the file back to the last checkpoint. */
    void rollBack() throws IOException {
        FileChannel current = channel;
        out = null;
        if (current != null) {
            current.truncate(entry.length());
        }
    }

    void close() throws IOException {
        FileChannel current = channel;
        channel = null;
        out = null;
        if (current != null) {
            current.close();
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel current = channel;
        if (current == null) {
            current = disk.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = current;
        }
        return current;
    }

    /** The end of the file; keeps length and checksum. */
    private final class End extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
            FileChannel current = opened();
            while (buffer.hasRemaining()) {
                length += current.write(buffer, length);
            }
            crc.update(bytes, offset, count);
        }
    }
}
