package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/**
 * A file system of its own, small enough to be filled. Made and mounted by root alone; anybody else's test is skipped with
 * that reason. Whatever becomes of the test, it is unmounted when it is closed, or else when the process ends.
 */
public final class SmallDisk implements AutoCloseable {
    /** Two that treat a page without a block differently. */
    public enum Kind {
        TMPFS,
        EXT4
    }

    private final Path directory;
    private final Path image;
    private final Deque<Path> mounted = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::unmount, "unmount");

    private SmallDisk(Path directory, Path image) {
        this.directory = directory;
        this.image = image;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Mounts a new one; empty where that is not permitted. */
    public static Optional<SmallDisk> attempt(Kind kind, Path directory, int mebibytes)
            throws IOException, InterruptedException {
        try {
            return Optional.of(mount(kind, directory, mebibytes));
        } catch (TestAbortedException e) {
            return Optional.empty();
        }
    }

    /**
     * Mounts a new one; skips the test where that is not permitted.
     *
     * @param directory where; made when it is missing
     */
    public static SmallDisk mount(Kind kind, Path directory, int mebibytes) throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a small file system");
        Files.createDirectories(directory);
        SmallDisk disk = new SmallDisk(directory, directory.resolveSibling(directory.getFileName() + ".img"));
        try {
            if (kind == Kind.TMPFS) {
                disk.mountOrSkip(directory, "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs");
            } else {
                disk.makeImage(mebibytes);
                disk.mountOrSkip(directory, "-o", "loop", disk.image.toString());
            }
            return disk;
        } catch (IOException | InterruptedException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    private void makeImage(int mebibytes) throws IOException, InterruptedException {
        try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        String said = run("mkfs.ext4", "-q", "-m", "0", image.toString());
        assumeTrue(said.isEmpty(), "mkfs.ext4 is not there or failed: " + said);
    }

    /** Shows a directory of another file system below this one. */
    public void bind(Path below, Path outside) throws IOException, InterruptedException {
        Files.createDirectories(below);
        Files.createDirectories(outside);
        mountOrSkip(below, "--bind", outside.toString());
    }

    private void mountOrSkip(Path where, String... how) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(Arrays.asList(how));
        command.add(where.toString());
        String said = run(command.toArray(String[]::new));
        assumeTrue(said.isEmpty(), "mounting is not permitted here: " + said);
        mounted.push(where);
    }

    public Path directory() {
        return directory;
    }

    /** What another process would do: writes until nothing more goes in. Returns what went in, in bytes. */
    public long fill(String name) throws IOException {
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'f');
        long written = 0;
        try (OutputStream out = Files.newOutputStream(
                directory.resolve(name),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND)) {
            int size = block.length;
            while (size >= 512) {
                try {
                    out.write(block, 0, size);
                    written += size;
                } catch (IOException full) {
                    size /= 2; // smaller pieces may still go in
                }
            }
        }
        return written;
    }

    public void free(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    public long usableBytes() {
        return directory.toFile().getUsableSpace();
    }

    private void unmount() {
        while (!mounted.isEmpty()) {
            String where = mounted.pop().toString();
            try {
                if (!run("umount", where).isEmpty()) {
                    run("umount", "--lazy", where); // somebody still has a file open there
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Empty when it went well, else what it said. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return code == 0 ? "" : code + " " + said;
    }

    @Override
    public void close() throws IOException {
        unmount();
        Runtime.getRuntime().removeShutdownHook(atExit);
        Files.deleteIfExists(image);
        assertThat(mounted).isEmpty();
    }
}
