package dev.tailrace.journal;

import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents into the live file and fsyncs them. Chronicle's own sync leaves the end of a mapped chunk out, so the file
 * itself is forced. One thread at a time.
 */
final class CycleWriter implements AutoCloseable {
    private final Path directory;
    private final CycleClock clock;
    private final ExcerptAppender appender;
    private final byte[] header = new byte[FrameHeader.SIZE];
    private final List<FileChannel> retired = new ArrayList<>();
    private final CycleFiles files;
    private Preallocation blocks = new Preallocation();
    private @Nullable File file;
    private @Nullable FileChannel channel;
    private long position;
    private long documents;
    private volatile boolean failed;

    CycleWriter(CycleFiles files, ChronicleQueue queue, CycleClock clock) {
        this.files = files;
        this.directory = files.directory();
        this.clock = clock;
        this.appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
    }

    /** Number of the live file. */
    int cycle() {
        return clock.cycle();
    }

    /** Bytes written to the live file. */
    long position() {
        return position;
    }

    /** Number in the live file of the document written last, from 0. */
    long lastDocument() {
        return documents - 1;
    }

    /**
     * The next document begins a new file.
     *
     * @param bytes that its beginning will take, about
     * @throws JournalException JOURNAL-DISK-FULL when there is no room for it: the live file stays
     */
    void roll(long bytes) throws JournalException {
        Preallocation next = new Preallocation();
        try {
            next.make(files.file(clock.cycle() + 1), bytes);
        } catch (IOException e) {
            throw full(bytes, e);
        }
        blocks = next;
        clock.advance();
        position = 0;
        documents = 0;
    }

    /** Gets the blocks for what is written next; nothing is written when it throws. */
    void allocate(long bytes) throws JournalException {
        if (blocks.covers(position, bytes)) {
            return;
        }
        try {
            if (position == 0) {
                blocks.make(files.file(clock.cycle()), bytes);
                return;
            }
            openLive();
            if (channel == null) {
                throw new IOException("there is no live file");
            }
            blocks.extend(channel, position + bytes);
        } catch (IOException e) {
            throw full(bytes, e);
        }
    }

    void write(Frame.Kind kind, long sequence, long epoch, FrameOutput payload) throws JournalException {
        if (failed) {
            throw failure("an earlier write failed", null);
        }
        int fragments = payload.chunkCount();
        for (int i = 0; i < fragments; i++) {
            int length = payload.chunkLength(i);
            new FrameHeader(kind, sequence, epoch, i, fragments, length).write(header, payload.chunk(i));
            writeDocument(payload.chunk(i), length);
        }
    }

    private void writeDocument(byte[] payload, int length) throws JournalException {
        try (DocumentContext context = appender.writingDocument()) {
            try {
                Wire wire = context.wire();
                if (wire == null) {
                    throw new IllegalStateException("the document has no wire");
                }
                Bytes<?> bytes = wire.bytes();
                bytes.write(header);
                bytes.write(payload, 0, length);
                position = bytes.writePosition();
            } catch (Throwable t) {
                // Closing commits what is there, whole or not.
                context.rollbackOnClose();
                throw t;
            }
        } catch (RuntimeException | InternalError | AssertionError e) {
            throw failure("a frame could not be written: " + e, e);
        }
        documents++;
    }

    /** Makes everything written so far survive a power loss (I1). */
    void force() throws JournalException {
        if (failed) {
            throw failure("an earlier write failed", null);
        }
        // A channel that is used by an interrupted thread is closed: the interrupt waits until the data is safe.
        boolean interrupted = Thread.interrupted();
        try {
            boolean created = openLive();
            for (FileChannel old : retired) {
                old.force(false);
                old.close();
            }
            retired.clear();
            forceLive();
            if (created) {
                Directories.force(directory);
            }
        } catch (IOException e) {
            throw failure("the journal could not be fsynced: " + e, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean openLive() throws IOException {
        File current = appender.currentFile();
        if (current == null || current.equals(file)) {
            return false;
        }
        if (channel != null) {
            // Chronicle has marked its end in the meantime.
            retired.add(channel);
        }
        file = current;
        channel = open(current);
        return true;
    }

    private void forceLive() throws IOException {
        if (channel == null || file == null) {
            return;
        }
        try {
            channel.force(false);
        } catch (ClosedByInterruptException e) {
            boolean ignored = Thread.interrupted();
            channel = open(file);
            channel.force(false);
            Thread.currentThread().interrupt();
        }
    }

    private static FileChannel open(File file) throws IOException {
        return FileChannel.open(file.toPath(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Nothing of it has been written: the journal is as good as before. */
    private JournalException full(long bytes, IOException cause) {
        JournalException described = DataDirectory.describe(directory, cause);
        return new JournalException(
                described.code(),
                "journal " + directory + ": there is no room for another " + bytes + " bytes: " + cause.getMessage(),
                described.remedy(),
                false,
                cause);
    }

    private JournalException failure(String what, @Nullable Throwable cause) {
        failed = true;
        boolean full = directory.toFile().getUsableSpace() < FrameOutput.CHUNK
                || String.valueOf(what).contains("No space left");
        return new JournalException(
                full ? "JOURNAL-DISK-FULL" : "JOURNAL-IO",
                "journal " + directory + ": " + what,
                full
                        ? "free space on that file system; the journal goes on in a new file"
                        : "check the disk; the journal goes on in a new file",
                true,
                cause);
    }

    @Override
    public void close() throws IOException {
        appender.close();
        for (FileChannel old : retired) {
            old.close();
        }
        if (channel != null) {
            channel.close();
        }
    }
}
