package dev.tailrace.sink.jdbc.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes in the server's order, in one array that grows. */
final class BinaryOutput {
    private byte[] bytes;
    private int size;

    BinaryOutput(int expected) {
        this.bytes = new byte[expected];
    }

    BinaryOutput int1(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    BinaryOutput int2(int value) {
        room(2);
        bytes[size++] = (byte) (value >> 8);
        bytes[size++] = (byte) value;
        return this;
    }

    BinaryOutput int4(int value) {
        room(4);
        put4(size, value);
        size += 4;
        return this;
    }

    BinaryOutput int8(long value) {
        return int4((int) (value >> 32)).int4((int) value);
    }

    BinaryOutput bytes(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /** The length in bytes, then the text. */
    BinaryOutput text(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        return int4(encoded.length).bytes(encoded);
    }

    private void put4(int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), Math.min(bytes.length, 1 << 29) * 2));
        }
    }

    int size() {
        return size;
    }

    /** The array itself, of which {@link #size} bytes count. */
    byte[] array() {
        return bytes;
    }

    void clear() {
        size = 0;
    }

    byte[] copy() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
