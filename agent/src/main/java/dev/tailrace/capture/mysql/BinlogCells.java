package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;

/**
 * Reads the cells of the log's rows whose exact content the engine's own reading loses: dates that no calendar has (it
 * makes them null), fractions of seconds (it takes a detour over floating point), and the bytes of text, which it gives
 * the same class as what a snapshot reads.
 */
final class BinlogCells {
    private static final int[] MICROS = {0, 10_000, 100, 1};

    private BinlogCells() {}

    /** Bytes of a CHAR, VARCHAR, TEXT, BINARY, VARBINARY or BLOB as the log holds them. */
    record Raw(byte[] bytes) implements Serializable {}

    /** @param limit the most bytes that the column can hold */
    static Serializable string(int limit, ByteArrayInputStream in) throws IOException {
        return new Raw(in.read(in.readInteger(limit < 256 ? 1 : 2)));
    }

    /** @param lengthBytes how many bytes tell the length */
    static Serializable blob(int lengthBytes, ByteArrayInputStream in) throws IOException {
        return new Raw(in.read(in.readInteger(lengthBytes)));
    }

    static Serializable date(ByteArrayInputStream in) throws IOException {
        int packed = in.readInteger(3);
        return new WallClock(packed >> 9, packed >> 5 & 15, packed & 31, 0, 0, 0, 0);
    }

    /** @param digits of the fraction */
    static Serializable datetime(int digits, ByteArrayInputStream in) throws IOException {
        long packed = bigEndian(in, 5);
        int micros = micros(digits, in);
        int months = (int) (packed >> 22 & 0x1ffff);
        return new WallClock(
                months / 13,
                months % 13,
                (int) (packed >> 17 & 31),
                (int) (packed >> 12 & 31),
                (int) (packed >> 6 & 63),
                (int) (packed & 63),
                micros);
    }

    /** Microseconds since 1970; 0, which the server does not store otherwise, is its zero date. */
    static Serializable timestamp(int digits, ByteArrayInputStream in) throws IOException {
        long seconds = bigEndian(in, 4);
        return seconds * 1_000_000 + micros(digits, in);
    }

    /** Microseconds, with a sign. */
    static Serializable time(int digits, ByteArrayInputStream in) throws IOException {
        int fractionBytes = (digits + 1) / 2;
        int bits = 8 * (3 + fractionBytes);
        long signed = bigEndian(in, 3 + fractionBytes) - (1L << bits - 1);
        long size = Math.abs(signed);
        long clock = size >> 8 * fractionBytes;
        long fraction = size & (1L << 8 * fractionBytes) - 1;
        long seconds = (clock >> 12 & 0x3ff) * 3_600 + (clock >> 6 & 63) * 60 + (clock & 63);
        long micros = seconds * 1_000_000 + fraction * MICROS[fractionBytes];
        return signed < 0 ? -micros : micros;
    }

    /** The year, 0 included. */
    static Serializable year(ByteArrayInputStream in) throws IOException {
        int year = in.readInteger(1);
        return year == 0 ? 0 : 1900 + year;
    }

    private static int micros(int digits, ByteArrayInputStream in) throws IOException {
        int bytes = (digits + 1) / 2;
        return (int) bigEndian(in, bytes) * MICROS[bytes];
    }

    private static long bigEndian(ByteArrayInputStream in, int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | in.readInteger(1);
        }
        return value;
    }
}
