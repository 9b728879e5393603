package dev.tailrace.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame's payload while it is decoded. Fragments that have been read are let go, so that a large frame and its rows
 * are not held both. Every method throws {@link IllegalStateException} when the payload ends too early.
 */
final class FrameInput {
    private final List<byte[]> fragments = new ArrayList<>();
    private int fragment;
    private byte[] chunk = new byte[0];
    private int at;
    private int end;
    private long before;
    private long size;

    FrameInput() {}

    FrameInput(byte[] payload) {
        add(payload);
    }

    /** Appends the next fragment; the array is handed over. */
    void add(byte[] payload) {
        if (fragments.isEmpty()) {
            chunk = payload;
            end = payload.length;
        }
        fragments.add(payload);
        size += payload.length;
    }

    long position() {
        return before + at;
    }

    long size() {
        return size;
    }

    int u8() {
        while (at == end) {
            nextFragment();
        }
        return chunk[at++] & 0xFF;
    }

    int i32() {
        return u8() | u8() << 8 | u8() << 16 | u8() << 24;
    }

    long i64() {
        return (i32() & 0xFFFF_FFFFL) | (long) i32() << 32;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IllegalStateException("a number in the frame does not end");
    }

    long zigzag() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A count or a length: not negative, and not more than there is payload left. */
    int count() {
        long value = varint();
        if (value < 0 || value > size - position()) {
            throw new IllegalStateException("a length in the frame is too large: " + value);
        }
        return (int) value;
    }

    byte[] raw(int length) {
        byte[] bytes = new byte[length];
        int to = 0;
        while (to < length) {
            while (at == end) {
                nextFragment();
            }
            int part = Math.min(length - to, end - at);
            System.arraycopy(chunk, at, bytes, to, part);
            at += part;
            to += part;
        }
        return bytes;
    }

    byte[] bytes() {
        return raw(count());
    }

    String string() {
        int length = count();
        if (length <= end - at) {
            String text = new String(chunk, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }
        return new String(raw(length), StandardCharsets.UTF_8);
    }

    /** Goes forward to a position within the payload. */
    void skipTo(long position) {
        if (position < position() || position > size) {
            throw new IllegalStateException("a length in the frame is wrong");
        }
        while (position - before > end) {
            at = end;
            nextFragment();
        }
        at = (int) (position - before);
    }

    private void nextFragment() {
        if (fragment + 1 >= fragments.size()) {
            throw new IllegalStateException("the frame ends too early");
        }
        fragments.set(fragment, new byte[0]);
        before += end;
        fragment++;
        chunk = fragments.get(fragment);
        end = chunk.length;
        at = 0;
    }
}
