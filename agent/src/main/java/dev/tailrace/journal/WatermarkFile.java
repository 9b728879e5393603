package dev.tailrace.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * {@code watermark}: how far the journal is durable, for readers in other processes. Fsynced only at the start of an epoch:
 * recovery takes the durable end from the frames themselves and from here only which numbers were given out before.
 */
final class WatermarkFile implements AutoCloseable {
    private static final int MAGIC = 0x314d_5754;
    private static final int SIZE = 32;
    private static final String NAME = "watermark";
    /** A reader may see half of a write; the next look sees the whole. */
    private static final int LOOKS = 100;

    /** Not a channel: an interrupt of the thread would close that. */
    private final RandomAccessFile file;

    private final ByteBuffer buffer = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

    /** What the file says. */
    record Mark(long epoch, long durable, long readable) {}

    WatermarkFile(Path directory) throws IOException {
        this.file = new RandomAccessFile(directory.resolve(NAME).toFile(), "rw");
    }

    void write(Mark mark, boolean force) throws IOException {
        buffer.clear();
        buffer.putInt(MAGIC).putLong(mark.epoch).putLong(mark.durable).putLong(mark.readable);
        buffer.putInt(crc(buffer.array()));
        file.seek(0);
        file.write(buffer.array());
        if (force) {
            file.getFD().sync();
        }
    }

    /** @return null when there is none or it is not whole */
    static @Nullable Mark read(Path directory) throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(directory.resolve(NAME));
            } catch (NoSuchFileException e) {
                return null;
            }
            if (bytes.length < SIZE) {
                return null;
            }
            ByteBuffer content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (content.getInt(0) == MAGIC && content.getInt(SIZE - 4) == crc(bytes)) {
                return new Mark(content.getLong(4), content.getLong(12), content.getLong(20));
            }
        }
        return null;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, SIZE - 4);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
