package dev.tailrace.sink.file;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.sink.EventJson;
import dev.tailrace.sink.SinkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The sink's directory on disk: checkpoint file, manifest, sealing and recovery. Used by the writing thread only. */
final class Directory {
    static final String OWN = "_tailrace";
    static final String MANIFEST = "manifest.jsonl";
    private static final String CHECKPOINT = "checkpoint.json";
    private static final String FILE_OF_OURS = "\\d{10}-[A-Za-z0-9-]+\\.jsonl(\\.gz)?(\\.part)?";

    private final Disk disk;
    private final Path root;

    Directory(Disk disk, Path root) {
        this.disk = disk;
        this.root = root;
    }

    Path root() {
        return root;
    }

    Path lockFile() {
        return root.resolve(OWN).resolve("lock");
    }

    void create() throws IOException {
        disk.createDirectories(root.resolve(OWN));
    }

    /** The checkpoint file's content, empty when there is none. */
    Optional<State> state() throws IOException, SinkException {
        Path file = root.resolve(OWN).resolve(CHECKPOINT);
        try {
            return Optional.of(State.of(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.isReadable(file)) {
                throw damaged(file + " is damaged: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    /** Replaces the checkpoint file: after this returns the new state survives a power loss, before it the old one. */
    void write(State state) throws IOException {
        Path own = root.resolve(OWN);
        Path fresh = own.resolve(CHECKPOINT + ".new");
        try (FileChannel channel = disk.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeAll(channel, state.bytes(), 0);
            channel.force(true);
        }
        disk.rename(fresh, own.resolve(CHECKPOINT));
        disk.syncDirectory(own);
    }

    /** Whether files of a sink are here; without a checkpoint nothing says how far they are valid. */
    boolean holdsFiles() throws IOException {
        if (Files.exists(root.resolve(MANIFEST))) {
            return true;
        }
        for (Path stream : streams()) {
            if (!files(stream).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Renames full files and writes their manifest lines; what was done already stays. Crash-safe: the state that names
     * the entries is durable, and this may run again and again.
     *
     * @return the manifest's length afterwards
     */
    long seal(State state, Runnable betweenRenameAndManifest) throws IOException, SinkException {
        if (state.sealing().isEmpty()) {
            return state.manifestBytes();
        }
        byte[] lines = lines(state);
        Path manifest = root.resolve(MANIFEST);
        // What the manifest names belongs to the consumer, who may have taken it away since.
        boolean named = Files.exists(manifest) && Files.size(manifest) >= state.manifestBytes() + lines.length;
        for (FileEntry entry : state.sealing()) {
            Path part = root.resolve(entry.partFile());
            Path whole = root.resolve(entry.file());
            if (Files.exists(part)) {
                disk.rename(part, whole);
                disk.syncDirectory(root.resolve(entry.stream()));
            } else if (!named && !Files.exists(whole)) {
                throw damaged(whole + " is missing", null);
            }
        }
        betweenRenameAndManifest.run();
        return appendToManifest(state, lines);
    }

    private static byte[] lines(State state) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (FileEntry entry : state.sealing()) {
            try (JsonGenerator json = EventJson.generator(lines)) {
                entry.write(json);
            }
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private long appendToManifest(State state, byte[] lines) throws IOException {
        Path manifest = root.resolve(MANIFEST);
        try (FileChannel channel = disk.open(manifest, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // The same bytes as an interrupted attempt: a reader never sees a line change.
            writeAll(channel, lines, state.manifestBytes());
            channel.truncate(state.manifestBytes() + lines.length);
            channel.force(true);
        }
        disk.syncDirectory(root);
        return state.manifestBytes() + lines.length;
    }

    /** Cuts every open file back to its checkpointed length and deletes those that no checkpoint knows. */
    List<ChangeFile> recover(State state) throws IOException, SinkException {
        Path manifest = root.resolve(MANIFEST);
        if (state.manifestBytes() > 0 && (!Files.exists(manifest) || Files.size(manifest) < state.manifestBytes())) {
            throw damaged(manifest + " is missing or shorter than the checkpoint says", null);
        }
        List<ChangeFile> recovered = new ArrayList<>();
        for (FileEntry entry : state.open()) {
            recovered.add(new ChangeFile(disk, root, entry, cutBack(entry)));
        }
        for (FileEntry entry : state.sealing()) {
            if (Files.exists(root.resolve(entry.partFile()))) {
                cutBack(entry);
            }
        }
        Set<String> known = Stream.concat(state.open().stream(), state.sealing().stream())
                .map(FileEntry::partFile)
                .collect(Collectors.toSet());
        for (Path stream : streams()) {
            for (Path file : files(stream)) {
                if (file.toString().endsWith(".part")
                        && !known.contains(stream.getFileName() + "/" + file.getFileName())) {
                    Files.delete(file);
                }
            }
        }
        return recovered;
    }

    private CRC32C cutBack(FileEntry entry) throws IOException, SinkException {
        Path part = root.resolve(entry.partFile());
        if (!Files.exists(part)) {
            throw damaged(part + " is missing", null);
        }
        try (FileChannel channel = disk.open(part, StandardOpenOption.WRITE)) {
            if (channel.size() < entry.length()) {
                throw damaged(part + " has " + channel.size() + " bytes, the checkpoint says " + entry.length(), null);
            }
            if (channel.size() > entry.length()) {
                channel.truncate(entry.length());
                channel.force(true);
            }
        }
        CRC32C crc = new CRC32C();
        try (InputStream in = Files.newInputStream(part)) {
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                crc.update(buffer, 0, read);
            }
        }
        if (crc.getValue() != entry.crc32c()) {
            throw damaged(part + " was changed: its checksum is not the checkpoint's", null);
        }
        return crc;
    }

    private List<Path> streams() throws IOException {
        List<Path> streams = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, Files::isDirectory)) {
                entries.forEach(streams::add);
            }
        }
        streams.removeIf(s -> s.getFileName().toString().equals(OWN));
        return streams;
    }

    private static List<Path> files(Path stream) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(stream, f -> f.getFileName().toString().matches(FILE_OF_OURS))) {
            entries.forEach(files::add);
        }
        return files;
    }

    private static void writeAll(FileChannel channel, byte[] bytes, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long at = position;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    private static SinkException damaged(String message, @Nullable Throwable cause) {
        return SinkException.halt(
                "FILE-DAMAGED",
                message,
                "Bring the file back from a copy; or set directory to an empty place to write everything the journal"
                        + " holds again. Sealed files stay valid.",
                cause);
    }
}
