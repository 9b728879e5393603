package dev.tailrace.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over a table's rows: first the key's texts, then the columns. Of a row only the key and a digest are kept. One
 * thread.
 */
final class KeyedRows implements AutoCloseable {
    private final Statement statement;
    private final ResultSet result;
    private final Ending ending;
    private final List<ComparedTable.Column> columns;
    private final Set<String> raw;
    private final boolean byValue;
    private final MessageDigest digest = sha256();
    private byte[][] key;
    private byte[] row = {};
    private boolean ended;

    /** What is undone behind the cursor. */
    @FunctionalInterface
    interface Ending {
        void run() throws SQLException;
    }

    /**
     * @param raw names of columns whose bytes are read instead of a text
     * @param byValue whether the columns' texts are put into their canonical form
     */
    KeyedRows(Statement statement, String select, ComparedTable table, Set<String> raw, boolean byValue, Ending ending)
            throws SQLException {
        this.statement = statement;
        this.columns = table.columns();
        this.raw = raw;
        this.byValue = byValue;
        this.ending = ending;
        this.key = new byte[table.key().size()][];
        this.result = statement.executeQuery(select);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void next() throws SQLException {
        ended = !result.next();
        if (ended) {
            return;
        }
        byte[][] next = new byte[key.length][];
        for (int i = 0; i < next.length; i++) {
            next[i] = result.getString(i + 1).getBytes(StandardCharsets.UTF_8);
        }
        key = next;
        for (int i = 0; i < columns.size(); i++) {
            String text = text(columns.get(i), key.length + i + 1);
            // a null, an empty text and the border between two columns cannot be confused
            digest.update(text == null ? new byte[] {0} : new byte[] {1});
            if (text != null) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
                digest.update((byte) ' ');
                digest.update(bytes);
            }
        }
        row = digest.digest();
    }

    private @Nullable String text(ComparedTable.Column column, int index) throws SQLException {
        if (raw.contains(column.name())) {
            byte[] bytes = result.getBytes(index);
            return bytes == null ? null : "\\x" + HexFormat.of().formatHex(bytes);
        }
        String text = result.getString(index);
        // a text of JSON does not tell which of a server's kinds of number it was
        boolean canonical = byValue || column.form() == CanonicalValue.JSON;
        return text == null || !canonical ? text : column.form().of(text);
    }

    boolean ended() {
        return ended;
    }

    int compareKey(KeyedRows other) {
        for (int i = 0; i < key.length; i++) {
            int order = Arrays.compareUnsigned(key[i], other.key[i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    boolean sameRow(KeyedRows other) {
        return Arrays.equals(row, other.row);
    }

    String keyText() {
        return Arrays.stream(key)
                .map(part -> new String(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    @Override
    public void close() throws SQLException {
        statement.close();
        ending.run();
    }
}
