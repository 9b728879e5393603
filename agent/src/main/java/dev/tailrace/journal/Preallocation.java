package dev.tailrace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Gives a mapped file its blocks on the disk before anything is written to them. A page that gets its block only when it is
 * written to ends the whole process with SIGBUS when another one has filled the disk meanwhile; zeros written through a
 * channel fail with an exception, before the first byte of a frame. One thread at a time.
 *
 * <p>Where a block is written anew at every write (btrfs, ZFS) this is no promise; {@code journal.reserve} is what is left
 * there.
 */
final class Preallocation {
    /** What Chronicle writes beside the frames at any time: a page of the index, the mark at the end. */
    private static final int SLACK = 128 << 10;

    private static final int STEP = 256 << 10;

    /** Chronicle's table: two of the pieces in which it is mapped (its SingleTableBuilder), more than it ever has. */
    private static final int TABLE = 128 << 10;

    /** Of a document, its header and what fills up to the next place: what a frame takes beside its payload. */
    static final int DOCUMENT = 64;

    /** In place of {@link CycleFiles#SUFFIX}: what Chronicle takes in place of a file of its own. */
    private static final String MADE = ".precreated";

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(STEP).asReadOnlyBuffer();

    /** The file has blocks up to here. */
    private long end;

    /** Makes a file that is begun next, with room for that many bytes. */
    void make(Path file, long bytes) throws IOException {
        end = 0;
        try (FileChannel channel = FileChannel.open(
                file.resolveSibling(file.getFileName().toString().replace(CycleFiles.SUFFIX, MADE)),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            extend(channel, bytes);
        }
    }

    /** Makes the file of one of Chronicle's tables: zeros are an empty one. */
    static void table(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ZEROS.duplicate();
            zeros.limit(TABLE);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
        }
    }

    /** Whether a frame of that size behind that place finds its blocks, and what Chronicle adds to it as well. */
    boolean covers(long position, long bytes) {
        return position + bytes + SLACK <= end;
    }

    /**
     * Sees to it that it does. Nothing is written before {@link #end}: there, and only there, are Chronicle's own bytes.
     *
     * @throws IOException when the disk is full; what was got is kept
     */
    void extend(FileChannel channel, long upTo) throws IOException {
        long wanted = (upTo + SLACK + STEP - 1) / STEP * STEP;
        while (end < wanted) {
            ByteBuffer zeros = ZEROS.duplicate();
            zeros.limit((int) Math.min(STEP, wanted - end));
            end += channel.write(zeros, end);
        }
    }

    /** Removes what a start that died left. */
    static void clean(Path directory) throws IOException {
        try (var files = Files.newDirectoryStream(directory, "*" + MADE)) {
            for (Path left : files) {
                Files.deleteIfExists(left);
            }
        }
    }
}
