package dev.tailrace.capture;

import java.util.Locale;

/**
 * Whether one connection of the engine holds the transaction that its snapshot reads in. The engine gives a snapshot whose
 * connection was lost another one, between two tables, and reads on there, in another transaction: rows of a later moment
 * than the place in the log that the snapshot is said to stand at, and tables of different moments (I5). Seen in
 * {@code RelationalSnapshotChangeEventSource.createPooledResourceCallable} of the engine's version 3.6.1, which warns and no
 * more. Of one connection, and so of one thread at a time.
 */
public final class SnapshotTransaction {
    /** What every query for the rows of a snapshot begins with. */
    public static final String QUERY = "/* tailrace snapshot */ SELECT ";

    public static final String LOST = "the connection that held the snapshot's transaction was lost; it starts over";

    private final String opening;
    private boolean held;

    /** @param opening what the statement that begins the transaction contains, in capitals */
    public SnapshotTransaction(String opening) {
        this.opening = opening;
    }

    /** Whether a statement may go to the server: not the query for rows where the transaction was never begun. */
    public boolean permits(String statement) {
        if (statement.startsWith(QUERY)) {
            return held;
        }
        held |= statement.toUpperCase(Locale.ROOT).contains(opening);
        return true;
    }
}
