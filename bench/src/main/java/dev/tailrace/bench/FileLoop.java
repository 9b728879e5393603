package dev.tailrace.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A plain buffered writer: one line, made once, written again and again, with our sink's fsyncs: of the file, of a small file
 * that replaces another one, and of the directory for 5,000 lines. {@code FileLoop DIRECTORY ROWS BYTES}, the last of one line.
 */
final class FileLoop {
    /** A batch of the pipeline. */
    private static final int GROUP = 5_000;

    private static final int BUFFER = 1 << 16;
    private static final int STATE = 500;

    private FileLoop() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        long rows = Long.parseLong(args[1]);
        byte[] line = new byte[Integer.parseInt(args[2])];
        Arrays.fill(line, (byte) 'x');
        line[line.length - 1] = '\n';
        PhasedMeter meter = new PhasedMeter(rows);
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("lines.jsonl"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
            for (long first = 0; first < 2 * rows; first += GROUP) {
                long count = Math.min(GROUP, 2 * rows - first);
                for (long i = 0; i < count; i++) {
                    out.write(line);
                }
                out.flush();
                channel.force(false);
                state(directory);
                meter.add(count);
            }
        }
        Child.done(meter.figures());
    }

    private static void state(Path directory) throws IOException {
        Path next = directory.resolve("state.next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(STATE));
            channel.force(true);
        }
        Files.move(
                next, directory.resolve("state"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
