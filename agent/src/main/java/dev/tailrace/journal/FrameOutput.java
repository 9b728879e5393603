package dev.tailrace.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame's payload while it is encoded: a reusable buffer in chunks, each of which becomes one fragment. Grows without
 * copying, so that a large row is held once, not twice.
 */
final class FrameOutput {
    /** Below the quarter of a mapped piece ({@link Queues}) that one document may take. */
    static final int CHUNK = 4 << 20;

    /** Strings longer than this are encoded piece by piece. */
    private static final int PIECE = 64 << 10;

    private final List<byte[]> chunks = new ArrayList<>();
    private byte[] chunk = new byte[CHUNK];
    private int at;

    FrameOutput() {
        chunks.add(chunk);
    }

    /** Forgets the content and what a large frame needed. */
    FrameOutput reset() {
        chunk = chunks.get(0);
        if (chunks.size() > 1) {
            chunks.subList(1, chunks.size()).clear();
        }
        at = 0;
        return this;
    }

    long size() {
        return (long) (chunks.size() - 1) * CHUNK + at;
    }

    byte[] toByteArray() {
        byte[] whole = new byte[Math.toIntExact(size())];
        for (int i = 0; i < chunks.size(); i++) {
            System.arraycopy(chunks.get(i), 0, whole, i * CHUNK, chunkLength(i));
        }
        return whole;
    }

    /** At least 1: an empty payload is one empty fragment. */
    int chunkCount() {
        return chunks.size();
    }

    byte[] chunk(int index) {
        return chunks.get(index);
    }

    int chunkLength(int index) {
        return index == chunks.size() - 1 ? at : CHUNK;
    }

    void u8(int value) {
        if (at == CHUNK) {
            nextChunk();
        }
        chunk[at++] = (byte) value;
    }

    void i32(int value) {
        u8(value);
        u8(value >>> 8);
        u8(value >>> 16);
        u8(value >>> 24);
    }

    void i64(long value) {
        i32((int) value);
        i32((int) (value >>> 32));
    }

    /** An unsigned number, seven bits a byte, lowest first. */
    void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            u8((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        u8((int) rest);
    }

    /** A signed number whose small magnitudes are short. */
    void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }

    void raw(byte[] bytes, int offset, int length) {
        int from = offset;
        int rest = length;
        while (rest > 0) {
            if (at == CHUNK) {
                nextChunk();
            }
            int part = Math.min(rest, CHUNK - at);
            System.arraycopy(bytes, from, chunk, at, part);
            at += part;
            from += part;
            rest -= part;
        }
    }

    void bytes(byte[] bytes) {
        varint(bytes.length);
        raw(bytes, 0, bytes.length);
    }

    void string(String text) {
        if (text.length() <= PIECE) {
            bytes(text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        long length = 0;
        for (int from = 0; from < text.length(); from = pieceEnd(text, from)) {
            length += piece(text, from).length;
        }
        varint(length);
        for (int from = 0; from < text.length(); from = pieceEnd(text, from)) {
            byte[] piece = piece(text, from);
            raw(piece, 0, piece.length);
        }
    }

    private static byte[] piece(String text, int from) {
        return text.substring(from, pieceEnd(text, from)).getBytes(StandardCharsets.UTF_8);
    }

    private static int pieceEnd(String text, int from) {
        int end = Math.min(text.length(), from + PIECE);
        return end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    /** Leaves room for a length that is {@link #patch patched} when it is known. */
    long reserve() {
        long position = size();
        i32(0);
        return position;
    }

    /** Writes the number of bytes that followed the reserved place. */
    void patch(long reserved) {
        int length = Math.toIntExact(size() - reserved - 4);
        for (int i = 0; i < 4; i++) {
            long position = reserved + i;
            chunks.get((int) (position / CHUNK))[(int) (position % CHUNK)] = (byte) (length >>> (8 * i));
        }
    }

    private void nextChunk() {
        chunk = new byte[CHUNK];
        chunks.add(chunk);
        at = 0;
    }
}
