package dev.tailrace.pipeline;

import dev.tailrace.lifecycle.Failpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file that remembers one sink's checkpoint. Version 1: UTF-8 lines {@code tailrace-checkpoint 1}, {@code journal ..},
 * {@code passed ..}, {@code target ..}, {@code position ..}, {@code crc32c ..} of everything before it.
 *
 * <p>The file is replaced as a whole and is either the old or the new one after any crash (I8). One thread.
 */
final class CheckpointStore {
    private static final String HEADER = "tailrace-checkpoint 1";

    private final Path file;
    private final Path temporary;

    CheckpointStore(Path directory, String sink) {
        this.file = directory.resolve(sink + ".checkpoint");
        this.temporary = directory.resolve(sink + ".checkpoint.tmp");
    }

    Path file() {
        return file;
    }

    /** The file is not what {@link #store} wrote. */
    static final class DamagedCheckpointException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedCheckpointException(String message) {
            super(message);
        }
    }

    /** @throws DamagedCheckpointException when the file is not what was stored, or of a newer version */
    Optional<StoredCheckpoint> load() throws IOException {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        int end = text.lastIndexOf("crc32c ");
        List<String> lines = text.lines().toList();
        if (!lines.isEmpty()
                && lines.get(0).startsWith("tailrace-checkpoint ")
                && !lines.get(0).equals(HEADER)) {
            throw new DamagedCheckpointException(file + " was written by a newer version: " + lines.get(0));
        }
        if (end < 0
                || lines.size() != 6
                || !lines.get(0).equals(HEADER)
                || !text.substring(end).equals(seal(text.substring(0, end)))) {
            throw new DamagedCheckpointException(file + " is damaged: its checksum does not match");
        }
        return Optional.of(new StoredCheckpoint(
                value(lines.get(1), "journal"),
                Long.parseLong(value(lines.get(2), "passed")),
                Long.parseLong(value(lines.get(3), "target")),
                value(lines.get(4), "position")));
    }

    /** Returns when the checkpoint survives a power loss. */
    void store(StoredCheckpoint checkpoint) throws IOException {
        String body = HEADER + "\njournal " + checkpoint.journal() + "\npassed " + checkpoint.passed() + "\ntarget "
                + checkpoint.target() + "\nposition " + checkpoint.position().replaceAll("\\R", " ") + "\n";
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        ByteBuffer bytes = ByteBuffer.wrap((body + seal(body)).getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Failpoints.hit("pipeline.checkpoint-temp-written");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true); // the rename itself is durable only with its directory
        }
    }

    private static String seal(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format("crc32c %08x\n", crc.getValue());
    }

    private static String value(String line, String name) throws IOException {
        if (!line.startsWith(name + " ")) {
            throw new DamagedCheckpointException("a checkpoint lacks its line " + name);
        }
        return line.substring(name.length() + 1);
    }
}
