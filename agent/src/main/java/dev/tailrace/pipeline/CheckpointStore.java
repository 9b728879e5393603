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
import java.util.Iterator;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file that remembers one sink's checkpoint. Version 2: UTF-8 lines {@code tailrace-checkpoint 2}, {@code journal ..},
 * {@code passed ..}, {@code token ..}, {@code target ..}, {@code target-token ..}, {@code position ..}, {@code crc32c ..} of
 * everything before it. Version 1, which is still read, has no tokens.
 *
 * <p>The file is replaced as a whole and is either the old or the new one after any crash (I8). One thread.
 */
final class CheckpointStore {
    private static final String FORMAT = "tailrace-checkpoint ";
    private static final String HEADER = FORMAT + 2;
    private static final String OLD_HEADER = FORMAT + 1;

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
        String header = text.lines().findFirst().orElse("");
        if (header.startsWith(FORMAT) && !header.equals(HEADER) && !header.equals(OLD_HEADER)) {
            throw new DamagedCheckpointException(file + " was written by a newer version: " + header);
        }
        int end = text.lastIndexOf("crc32c ");
        if (end < 0 || !text.substring(end).equals(seal(text.substring(0, end)))) {
            throw new DamagedCheckpointException(file + " is damaged: its checksum does not match");
        }
        return Optional.of(read(text.lines().iterator()));
    }

    private StoredCheckpoint read(Iterator<String> lines) throws IOException {
        String header = lines.next();
        boolean tokens = !header.equals(OLD_HEADER);
        return new StoredCheckpoint(
                value(lines, "journal"),
                Long.parseLong(value(lines, "passed")),
                tokens ? value(lines, "token") : "",
                Long.parseLong(value(lines, "target")),
                tokens ? value(lines, "target-token") : "",
                value(lines, "position"));
    }

    /** Returns when the checkpoint survives a power loss. */
    void store(StoredCheckpoint checkpoint) throws IOException {
        String body = String.join(
                "\n",
                HEADER,
                "journal " + checkpoint.journal(),
                "passed " + checkpoint.passed(),
                "token " + checkpoint.token(),
                "target " + checkpoint.target(),
                "target-token " + checkpoint.targetToken(),
                "position " + checkpoint.position().replaceAll("\\R", " "),
                "");
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

    private static String value(Iterator<String> lines, String name) throws IOException {
        String line = lines.hasNext() ? lines.next() : "";
        if (!line.startsWith(name + " ")) {
            throw new DamagedCheckpointException("a checkpoint lacks its line " + name);
        }
        return line.substring(name.length() + 1);
    }
}
