package dev.tailrace.deadletter;

import dev.tailrace.event.TableId;

/** A table's name in the file. A schema's name may hold a dot, so the two parts are kept apart. */
final class TableNames {
    private static final char BETWEEN = '\u001F';

    private TableNames() {}

    static String text(TableId table) {
        return table.schema() + BETWEEN + table.table();
    }

    static TableId of(String text) {
        int at = text.indexOf(BETWEEN);
        return new TableId(text.substring(0, at), text.substring(at + 1));
    }
}
