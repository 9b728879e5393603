package dev.tailrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agent's directory, claimed for this process (I6): {@code lock}, {@code journal/}, {@code checkpoints/} and {@code
 * sinks/<name>/}.
 *
 * <p>The claim is a lock of the operating system: it ends with the process, so a {@code kill -9} leaves no obstacle. Thread-safe.
 */
public final class DataDirectory implements AutoCloseable {
    private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "afs",
            "ceph",
            "glusterfs",
            "lustre",
            "gpfs",
            "gfs2",
            "ocfs2",
            "beegfs",
            "9p",
            "ncpfs",
            "coda",
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.ceph",
            "fuse.s3fs",
            "fuse.rclone",
            "fuse.juicefs");
    /** Less than this and not even the files of an empty journal fit. */
    private static final long SMALLEST_USABLE = 16L << 20;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates what is missing and locks the directory.
     *
     * @param started shown to whoever finds the directory locked
     * @throws JournalException JOURNAL-LOCKED, JOURNAL-NETWORK-FS, JOURNAL-READ-ONLY, JOURNAL-DISK-FULL or JOURNAL-IO
     */
    public static DataDirectory claim(Path directory, Instant started) throws JournalException {
        Path path = directory.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            create(path);
            examine(path, path);
            channel = FileChannel.open(
                    lockFile(path), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = lock(path, channel);
            writeOwner(channel, started);
            for (String child : new String[] {"journal", "checkpoints", "sinks"}) {
                Files.createDirectories(path.resolve(child));
            }
            Directories.force(path);
            return new DataDirectory(path, channel, lock);
        } catch (IOException | ReadOnlyFileSystemException e) {
            closeQuietly(channel, e);
            throw describe(path, e);
        } catch (JournalException e) {
            closeQuietly(channel, e);
            throw e;
        }
    }

    /** The journal holds the rows of the source: a directory made here is not for everybody. */
    private static void create(Path path) throws IOException {
        boolean isNew = Files.notExists(path);
        Files.createDirectories(path);
        if (isNew && Files.getFileStore(path).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-x---"));
        }
    }

    private static Path lockFile(Path path) {
        return path.resolve("lock");
    }

    private static FileLock lock(Path path, FileChannel channel) throws IOException, JournalException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            // I6: one owner of a data directory.
            throw new JournalException(
                    "JOURNAL-LOCKED",
                    "data directory " + path + " belongs to a running agent (" + owner(path) + ")",
                    "stop that agent, or give this one a data-dir of its own",
                    false,
                    null);
        }
        return lock;
    }

    private static String owner(Path path) {
        try {
            String text = Files.readString(lockFile(path)).strip().replace('\n', ' ');
            return text.isEmpty() ? "owner unknown" : text;
        } catch (IOException e) {
            return "owner unknown: " + e.getMessage();
        }
    }

    private static void writeOwner(FileChannel channel, Instant started) throws IOException {
        String owner = "pid=" + ProcessHandle.current().pid() + "\nstarted=" + started + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
        channel.force(true);
    }

    /**
     * Whether a journal can be durable there; changes nothing.
     *
     * @param path the directory, which may be missing
     * @param existing itself, or the nearest of its parents that is there
     * @throws JournalException JOURNAL-NETWORK-FS, JOURNAL-DISK-FULL or JOURNAL-IO
     */
    public static void examine(Path path, Path existing) throws JournalException {
        try {
            FileStore store = Files.getFileStore(existing);
            refuseNetwork(path, store.type());
            refuseFull(path, store.getUsableSpace());
        } catch (IOException e) {
            throw describe(path, e);
        }
    }

    static void refuseNetwork(Path path, String type) throws JournalException {
        if (NETWORK_FILE_SYSTEMS.contains(type.toLowerCase(Locale.ROOT))) {
            throw new JournalException(
                    "JOURNAL-NETWORK-FS",
                    "data directory " + path + " is on a network file system (" + type + "), where a memory-mapped"
                            + " journal is neither durable nor safe",
                    "put data-dir on a local disk (ext4, xfs, btrfs, zfs)",
                    false,
                    null);
        }
    }

    static void refuseFull(Path path, long usableBytes) throws JournalException {
        if (usableBytes < SMALLEST_USABLE) {
            throw new JournalException(
                    "JOURNAL-DISK-FULL",
                    "the file system of data directory " + path + " has " + usableBytes + " bytes left, less than "
                            + SMALLEST_USABLE,
                    "free space on that file system or move data-dir to a larger one",
                    false,
                    null);
        }
    }

    /** The stable code for what the file system answered. */
    static JournalException describe(Path path, Exception cause) {
        String text = String.valueOf(cause.getMessage());
        if (text.contains("No space left") || text.contains("Disk quota exceeded")) {
            return new JournalException(
                    "JOURNAL-DISK-FULL",
                    "no space left for data directory " + path,
                    "free space on that file system or move data-dir to a larger one",
                    false,
                    cause);
        }
        if (cause instanceof ReadOnlyFileSystemException
                || cause instanceof AccessDeniedException
                || text.contains("Read-only file system")
                || text.contains("Permission denied")) {
            return new JournalException(
                    "JOURNAL-READ-ONLY",
                    "data directory " + path + " cannot be written: "
                            + (cause instanceof AccessDeniedException ? "permission denied for " + text : text),
                    "mount the file system writable and give the agent's user the directory (chown)",
                    false,
                    cause);
        }
        return new JournalException(
                "JOURNAL-IO",
                "data directory " + path + " cannot be used: " + cause,
                "see the cause; check the disk and the path",
                false,
                cause);
    }

    private static void closeQuietly(@Nullable FileChannel channel, Exception failure) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** The directory itself, absolute. */
    public Path path() {
        return path;
    }

    /** Where the journal's files are; nobody else writes there. */
    public Path journal() {
        return path.resolve("journal");
    }

    /** Where the pipelines keep the checkpoints of sinks that cannot keep their own. */
    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /**
     * A sink's own directory, created when missing.
     *
     * @throws JournalException JOURNAL-IO, JOURNAL-DISK-FULL or JOURNAL-READ-ONLY
     */
    public Path sink(String name) throws JournalException {
        Path sink = path.resolve("sinks").resolve(name);
        try {
            Files.createDirectories(sink);
            Directories.force(path.resolve("sinks"));
            return sink;
        } catch (IOException e) {
            throw describe(sink, e);
        }
    }

    /** Gives the directory up. Idempotent. */
    @Override
    public void close() {
        try {
            if (lock.isValid()) {
                lock.release();
            }
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("releasing " + lockFile(path), e);
        }
    }
}
