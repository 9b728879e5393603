package dev.tailrace.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A file system of its own in a file, for one directory, which can be filled by somebody else. One thread. */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 1 << 20;

    private final Path directory;
    private final Path filler;

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.filler = directory.resolve("somebody-else");
    }

    /** Null when this process may not mount one. */
    static @Nullable SmallDisk mount(Path image, Path directory, int megabytes) throws Exception {
        Files.createDirectories(directory);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes * BLOCK);
        }
        if (!ran("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())
                || !ran("mount", "-o", "loop", image.toString(), directory.toString())) {
            Files.delete(image);
            return null;
        }
        Files.delete(directory.resolve("lost+found"));
        return new SmallDisk(directory);
    }

    /** Takes all the space that is left. */
    void fill() throws IOException, InterruptedException {
        long left = Files.getFileStore(directory).getUsableSpace();
        ran("fallocate", "-l", Long.toString(Math.max(BLOCK, left - BLOCK)), filler.toString());
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int size = BLOCK; size >= 512; size /= 2) {
                fill(out, block, size);
            }
        }
    }

    private static void fill(OutputStream out, byte[] block, int size) {
        try {
            while (true) {
                out.write(block, 0, size);
            }
        } catch (IOException e) {
            // full
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(filler);
    }

    private static boolean ran(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return false; // there is no such program
        }
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Nothing may be at work there any more. */
    @Override
    public void close() throws Exception {
        if (!ran("umount", directory.toString())) {
            throw new IOException(directory + " cannot be unmounted");
        }
    }
}
