package dev.tailrace.journal;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Reads verified frames from one file at a time. One thread at a time.
 *
 * <p>What Chronicle throws on damaged files is not documented and includes errors, so everything counts as damage here.
 */
final class Cursor implements AutoCloseable {
    private final ExcerptTailer tailer;
    private int cycle = -1;
    private long document;
    private long fileOffset;

    Cursor(ChronicleQueue queue) {
        // Unnamed: a named one would keep positions that are neither fsynced nor ours.
        this.tailer = queue.createTailer();
        tailer.singleThreadedCheckDisabled(true);
    }

    int cycle() {
        return cycle;
    }

    /** Where in the file the last document read ends. */
    long fileOffset() {
        return fileOffset;
    }

    /** Goes to a document of a file; false when it is not there. */
    boolean moveTo(int toCycle, long toDocument) throws DamagedFrameException {
        // Chronicle opens files through channels, which an interrupt would close.
        boolean interrupted = Thread.interrupted();
        try {
            boolean there = tailer.moveToIndex(Queues.ROLL.toIndex(toCycle, toDocument));
            cycle = toCycle;
            document = toDocument;
            return there;
        } catch (RuntimeException | InternalError | AssertionError e) {
            throw new DamagedFrameException("the file cannot be read: " + e, e);
        } finally {
            restore(interrupted);
        }
    }

    /** Goes behind the frame of that number, of which that is the last document; false when it is not there. */
    boolean moveBehind(int toCycle, long toDocument, long sequence) throws DamagedFrameException {
        if (!moveTo(toCycle, toDocument)) {
            return false;
        }
        byte[] bytes = readDocument();
        if (bytes == null) {
            return false;
        }
        FrameHeader header = FrameHeader.read(bytes);
        return header.sequence() == sequence && header.fragment() == header.fragments() - 1;
    }

    /** Goes to the beginning of the frame that the given document belongs to; false when it is not there. */
    boolean moveToFrame(int toCycle, long toDocument) throws DamagedFrameException {
        if (!moveTo(toCycle, toDocument)) {
            return false;
        }
        byte[] bytes = readDocument();
        return bytes != null
                && moveTo(toCycle, toDocument - FrameHeader.read(bytes).fragment());
    }

    /**
     * Reads the frame here and goes behind it.
     *
     * @return null when there is none in this file
     * @throws DamagedFrameException the frame, or one of its fragments, is damaged or missing; the cursor must be moved
     *     before it is used again
     */
    @Nullable
    RawFrame read() throws DamagedFrameException {
        long first = document;
        byte[] bytes = readDocument();
        if (bytes == null) {
            return null;
        }
        FrameHeader header = FrameHeader.read(bytes);
        if (header.fragment() != 0) {
            throw new DamagedFrameException("fragment " + header.fragment() + " without its beginning", null);
        }
        FrameInput payload = new FrameInput(FrameHeader.SIZE);
        payload.add(bytes);
        long size = bytes.length;
        for (int i = 1; i < header.fragments(); i++) {
            bytes = readDocument();
            if (bytes == null) {
                throw new DamagedFrameException(
                        "frame " + header.sequence() + " has " + i + " of " + header.fragments() + " fragments", null);
            }
            FrameHeader next = FrameHeader.read(bytes);
            if (next.sequence() != header.sequence()
                    || next.epoch() != header.epoch()
                    || next.fragment() != i
                    || next.fragments() != header.fragments()) {
                throw new DamagedFrameException(
                        "fragment " + i + " of frame " + header.sequence() + " is missing", null);
            }
            payload.add(bytes);
            size += bytes.length;
        }
        return new RawFrame(
                header.format(),
                header.kind(),
                header.sequence(),
                header.epoch(),
                cycle,
                first,
                header.fragments(),
                payload,
                size);
    }

    private byte @Nullable [] readDocument() throws DamagedFrameException {
        boolean interrupted = Thread.interrupted();
        try (DocumentContext context = tailer.readingDocument()) {
            if (!context.isPresent() || Queues.ROLL.toCycle(context.index()) != cycle) {
                return null;
            }
            Wire wire = context.wire();
            if (wire == null) {
                return null;
            }
            Bytes<?> content = wire.bytes();
            long length = content.readRemaining();
            if (length > FrameHeader.SIZE + FrameOutput.CHUNK) {
                throw new DamagedFrameException("a document of " + length + " bytes is too long", null);
            }
            byte[] bytes = new byte[(int) length];
            content.read(bytes);
            fileOffset = content.readPosition();
            document++;
            return bytes;
        } catch (RuntimeException | InternalError | AssertionError e) {
            throw new DamagedFrameException("the file cannot be read: " + e, e);
        } finally {
            restore(interrupted);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        tailer.close();
    }
}
