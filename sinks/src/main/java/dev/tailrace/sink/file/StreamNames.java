package dev.tailrace.sink.file;

import dev.tailrace.event.TableId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Directory names for tables, safe on every file system: letters, digits, {@code _}, {@code -} as they are, every other
 * byte as {@code %XX}. A name with capitals, which a file system may take for another's, or too long for one, ends with
 * {@code ~} and a digest of the table's name. Different tables have different names.
 */
final class StreamNames {
    /** The one stream of a sink that does not split. */
    static final String ALL = "changes";

    /** A file system allows 255 bytes. */
    private static final int LONGEST = 200;

    private StreamNames() {}

    static String of(TableId table) {
        String name = escaped(table.schema()) + "." + escaped(table.table());
        boolean capitals = !name.equals(name.toLowerCase(Locale.ROOT)) && hasCapitals(table);
        if (!capitals && name.length() <= LONGEST) {
            return name;
        }
        return name.substring(0, Math.min(name.length(), LONGEST)) + "~" + digest(table);
    }

    private static boolean hasCapitals(TableId table) {
        return (table.schema() + table.table()).chars().anyMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            if (plain) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return escaped.toString();
    }

    private static String digest(TableId table) {
        try {
            byte[] name = (table.schema().length() + ":" + table).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
