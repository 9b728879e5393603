package dev.tailrace.capture.mysql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * A character set of the server: reads its bytes exactly as the server does, and never puts a replacement character in
 * place of what it cannot read. Immutable, for any thread.
 *
 * <p>Java's charsets of the same names are other ones (the server's {@code latin1} is cp1252 with five more characters, its
 * {@code sjis} has another backslash), so that the differences are taken from the server itself, in {@code charsets.txt}.
 */
final class MySqlCharset {
    private static final String TABLES = "charsets.txt";
    private static final String UTF32 = "utf32";
    private static final char NONE = '\uFFFD';
    private static final Map<String, MySqlCharset> BY_NAME = load();

    private final String name;
    private final int maxLength;
    /** The characters of the bytes of a single-byte set; empty for others. */
    private final char[] single;

    private final Charset base;
    /** Bytes (as a number, with a leading 1) that the base cannot read. */
    private final Map<Integer, Character> added;
    /** Characters of the base that are others for the server. */
    private final Map<Character, Character> changed;

    private MySqlCharset(
            String name,
            int maxLength,
            char[] single,
            Charset base,
            Map<Integer, Character> added,
            Map<Character, Character> changed) {
        this.name = name;
        this.maxLength = maxLength;
        this.single = single;
        this.base = base;
        this.added = added;
        this.changed = changed;
    }

    /** @throws IllegalArgumentException for one that is not known */
    static MySqlCharset of(String name) {
        MySqlCharset charset = BY_NAME.get(name.toLowerCase(Locale.ROOT));
        if (charset == null) {
            throw new IllegalArgumentException("the character set " + name + " is not known here");
        }
        return charset;
    }

    private static Map<String, MySqlCharset> load() {
        Map<String, MySqlCharset> charsets = new HashMap<>();
        unicode(charsets, "utf8mb4", 4, StandardCharsets.UTF_8);
        unicode(charsets, "utf8mb3", 3, StandardCharsets.UTF_8);
        unicode(charsets, "utf8", 3, StandardCharsets.UTF_8);
        unicode(charsets, "ucs2", 2, StandardCharsets.UTF_16BE);
        unicode(charsets, "utf16", 4, StandardCharsets.UTF_16BE);
        unicode(charsets, "utf16le", 4, StandardCharsets.UTF_16LE);
        unicode(charsets, UTF32, 4, Charset.forName("UTF-32BE"));
        try (InputStream tables = MySqlCharset.class.getResourceAsStream(TABLES)) {
            if (tables == null) {
                throw new IllegalStateException(TABLES + " is missing");
            }
            new BufferedReader(new InputStreamReader(tables, StandardCharsets.US_ASCII))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> add(charsets, line.split(" ")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return charsets;
    }

    private static void unicode(Map<String, MySqlCharset> charsets, String name, int maxLength, Charset base) {
        charsets.put(name, new MySqlCharset(name, maxLength, new char[0], base, Map.of(), Map.of()));
    }

    private static void add(Map<String, MySqlCharset> charsets, String[] parts) {
        String name = parts[0];
        if (parts[1].startsWith("=")) {
            char[] single = new char[256];
            for (int i = 0; i < single.length; i++) {
                single[i] = unit(parts[1].substring(1 + 4 * i, 5 + 4 * i));
            }
            charsets.put(name, new MySqlCharset(name, 1, single, StandardCharsets.ISO_8859_1, Map.of(), Map.of()));
            return;
        }
        Charset base = Charset.forName(parts[1]);
        Map<Integer, Character> added = new HashMap<>();
        Map<Character, Character> changed = new HashMap<>();
        int maxLength = name.equals("gb18030") ? 4 : parts[1].equals("EUC-JP") ? 3 : 2;
        for (String difference : Arrays.asList(parts).subList(2, parts.length)) {
            int equals = difference.indexOf('=');
            byte[] bytes = HexFormat.of().parseHex(difference.substring(0, equals));
            char meant = unit(difference.substring(equals + 1));
            // which of the differences there are depends on the version of Java
            try {
                String read = base.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
                changed.put(read.charAt(0), meant);
            } catch (CharacterCodingException e) {
                added.put(number(bytes, 0, bytes.length), meant);
            }
        }
        charsets.put(name, new MySqlCharset(name, maxLength, new char[0], base, added, changed));
    }

    private static char unit(String hex) {
        return (char) Integer.parseInt(hex, 16);
    }

    private static int number(byte[] bytes, int from, int to) {
        int number = 1;
        for (int i = from; i < to; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }

    /** Bytes of the longest character. */
    int maxLength() {
        return maxLength;
    }

    /** Whether the server's text in UTF-8 is the column's very bytes, so that a conversion there loses nothing. */
    boolean isUtf8() {
        return base.equals(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException for bytes that are no text in this set */
    String decode(byte[] bytes) {
        if (name.equals(UTF32)) {
            return decodeCodePoints(bytes);
        }
        return single.length > 0 ? decodeSingle(bytes) : decodeMultiple(bytes);
    }

    /** Java's reader of it takes a character in front for a mark of the byte order. */
    private String decodeCodePoints(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        StringBuilder text = new StringBuilder(bytes.length / 4);
        while (in.remaining() >= 4) {
            int codePoint = in.getInt();
            if (!Character.isValidCodePoint(codePoint) || Character.getType(codePoint) == Character.SURROGATE) {
                throw unreadable(in.position() - 4);
            }
            text.appendCodePoint(codePoint);
        }
        if (in.hasRemaining()) {
            throw unreadable(in.position());
        }
        return text.toString();
    }

    private String decodeSingle(byte[] bytes) {
        char[] chars = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            char c = single[bytes[i] & 0xff];
            if (c == NONE) {
                throw unreadable(i);
            }
            chars[i] = c;
        }
        return new String(chars);
    }

    private String decodeMultiple(byte[] bytes) {
        if (isUtf8()) {
            String text = new String(bytes, StandardCharsets.UTF_8); // much faster, but it replaces what it cannot read
            if (text.indexOf(NONE) < 0) {
                return text;
            }
        }
        CharsetDecoder decoder = base.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                break;
            }
            int from = in.position();
            int to = from + 1;
            while (to <= bytes.length && !added.containsKey(number(bytes, from, to)) && to < from + maxLength) {
                to++;
            }
            Character meant = to <= bytes.length ? added.get(number(bytes, from, to)) : null;
            if (meant == null) {
                throw unreadable(from);
            }
            out.put(meant);
            in.position(to);
            decoder.reset();
        }
        decoder.flush(out);
        out.flip();
        String text = out.toString();
        if (changed.isEmpty()) {
            return text;
        }
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = changed.getOrDefault(chars[i], chars[i]);
        }
        return new String(chars);
    }

    private IllegalArgumentException unreadable(int position) {
        return new IllegalArgumentException("the bytes from number " + position + " on are no text in " + name);
    }
}
