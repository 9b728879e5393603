package dev.tailrace.capture.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One row in the text format of COPY: columns between tabs, {@code \N} for null, a backslash before what would be taken for
 * something else ("COPY", section "Text Format", of the server's manual). One thread.
 */
final class CopyLine {
    private byte[] line = new byte[0];
    private int at;
    private int end;

    /** Begins with a row as the server sends it, in UTF-8. */
    void begin(byte[] row) {
        line = row;
        at = 0;
        end = row.length > 0 && row[row.length - 1] == '\n' ? row.length - 1 : row.length;
    }

    /**
     * The text of the next column, null for null.
     *
     * @throws IllegalStateException behind the last column
     * @throws IllegalArgumentException for bytes that are no text in UTF-8
     */
    @Nullable
    String next() {
        if (at > end) {
            throw new IllegalStateException("the server sent fewer columns than were asked for");
        }
        int from = at;
        int seen = 0;
        boolean escaped = false;
        int to = from;
        while (to < end && line[to] != '\t') {
            escaped |= line[to] == '\\';
            seen |= line[to]; // negative as soon as one byte is
            to++;
        }
        at = to + 1;
        if (!escaped) {
            return text(line, from, to - from, seen >= 0);
        }
        if (to - from == 2 && line[from + 1] == 'N') {
            return null;
        }
        byte[] plain = new byte[to - from];
        return text(plain, 0, unescape(from, to, plain), seen >= 0);
    }

    /** Passes over the next column. */
    void skip() {
        while (at < end && line[at] != '\t') {
            at++;
        }
        at++;
    }

    private int unescape(int from, int to, byte[] plain) {
        int length = 0;
        for (int i = from; i < to; i++) {
            byte c = line[i];
            if (c == '\\' && i + 1 < to) {
                i++;
                c = switch (line[i]) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'v' -> 0x0B;
                    default -> line[i];
                };
            }
            plain[length++] = c;
        }
        return length;
    }

    private static String text(byte[] bytes, int from, int length, boolean ascii) {
        if (ascii) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1); // a copy, nothing to decode
        }
        try {
            // not by the constructor of a string, which puts a mark in the place of what is no text (I7)
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is no text in UTF-8", e);
        }
    }
}
