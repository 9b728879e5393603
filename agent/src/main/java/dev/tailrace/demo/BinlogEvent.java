package dev.tailrace.demo;

/**
 * What an event of a binary log says about changes.
 *
 * @param position of its first byte in its file
 * @param database that the rows belong to, or that the statement was run in
 * @param table of the rows, else empty
 * @param operation {@code I}, {@code U} or {@code D}
 * @param rows how many; an update's two images are one
 * @param statement its text, else empty
 */
record BinlogEvent(
        Kind kind, long position, String database, String table, char operation, int rows, String statement) {
    enum Kind {
        /** A transaction begins. */
        TRANSACTION,
        ROWS,
        /** The transaction is complete. */
        COMMIT,
        STATEMENT
    }

    static BinlogEvent of(Kind kind, long position) {
        return new BinlogEvent(kind, position, "", "", ' ', 0, "");
    }

    static BinlogEvent statement(long position, String database, String text) {
        return new BinlogEvent(Kind.STATEMENT, position, database, "", ' ', 0, text);
    }
}
