package dev.tailrace.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The 36 bytes, little-endian, before the payload of every document: {@code u8 format, u8 kind, u16 zero, i32 crc32c of
 * all but itself, i64 sequence, i64 epoch, i32 fragment, i32 fragments, i32 length}.
 *
 * @param format that the document has
 * @param fragment number of this fragment of the frame, from 0
 * @param fragments of the frame, at least 1
 * @param length of the payload that follows
 */
record FrameHeader(int format, Frame.Kind kind, long sequence, long epoch, int fragment, int fragments, int length) {
    static final int SIZE = 36;
    /** What is written; every older one is read. */
    static final byte FORMAT = 2;
    /** From here on a CYCLE frame names the starts. */
    static final int FORMAT_WITH_STARTS = 2;

    private static final int CRC_AT = 4;
    private static final Frame.Kind[] KINDS = Frame.Kind.values();

    /** Of a document that is to be written. */
    FrameHeader(Frame.Kind kind, long sequence, long epoch, int fragment, int fragments, int length) {
        this(FORMAT, kind, sequence, epoch, fragment, fragments, length);
    }

    /** Fills the header's bytes for that payload. */
    void write(byte[] header, byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put((byte) format).put((byte) kind.ordinal()).putShort((short) 0).putInt(0);
        buffer.putLong(sequence)
                .putLong(epoch)
                .putInt(fragment)
                .putInt(fragments)
                .putInt(length);
        buffer.putInt(CRC_AT, crc(header, payload, 0, length));
    }

    /** Reads and verifies the header of a whole document. */
    static FrameHeader read(byte[] document) throws DamagedFrameException {
        if (document.length < SIZE) {
            throw new DamagedFrameException("a document of " + document.length + " bytes is too short", null);
        }
        ByteBuffer buffer = ByteBuffer.wrap(document).order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.getInt(32);
        int crc = buffer.getInt(CRC_AT);
        if (length != document.length - SIZE || crc != crc(document, document, SIZE, length)) {
            throw new DamagedFrameException("the checksum does not match", null);
        }
        int kind = buffer.get(1);
        int format = buffer.get(0);
        if (format < 1 || format > FORMAT || kind < 0 || kind >= KINDS.length) {
            throw new DamagedFrameException(
                    "format " + format + " kind " + kind + " is not known to this version", null);
        }
        return new FrameHeader(
                format,
                KINDS[kind],
                buffer.getLong(8),
                buffer.getLong(16),
                buffer.getInt(24),
                buffer.getInt(28),
                length);
    }

    private static int crc(byte[] header, byte[] payload, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, CRC_AT);
        crc.update(header, CRC_AT + 4, SIZE - CRC_AT - 4);
        crc.update(payload, offset, length);
        return (int) crc.getValue();
    }
}
