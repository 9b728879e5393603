package dev.tailrace.config;

import java.util.List;

/** The configuration in effect, for the start log and {@code check}. Holds no secret: values are masked already. */
public final class EffectiveConfiguration {
    private final List<Entry> rows;

    /**
     * One key.
     *
     * @param key its path, {@code sinks[0].url}
     * @param value as text, masked where secret
     * @param origin {@code default}, {@code line 12}, {@code line 12, env SHOP_PASSWORD}, {@code line 12, file /path}
     */
    public record Entry(String key, String value, String origin) {}

    EffectiveConfiguration(List<Entry> rows) {
        this.rows = List.copyOf(rows);
    }

    /** In the order in which the keys were read. */
    public List<Entry> rows() {
        return rows;
    }

    /** A table of three columns under a headline. */
    public String table() {
        int keyWidth = "KEY".length();
        int valueWidth = "VALUE".length();
        for (Entry row : rows) {
            keyWidth = Math.max(keyWidth, row.key().length());
            valueWidth = Math.max(valueWidth, row.value().length());
        }
        valueWidth = Math.min(valueWidth, 80);
        String form = "%-" + keyWidth + "s  %-" + valueWidth + "s  %s%n".replace("%n", "\n");
        StringBuilder text = new StringBuilder(String.format(form, "KEY", "VALUE", "FROM"));
        rows.forEach(row -> text.append(String.format(form, row.key(), row.value(), row.origin())));
        return text.toString();
    }
}
