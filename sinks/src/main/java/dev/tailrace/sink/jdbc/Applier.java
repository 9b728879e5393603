package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.SinkException;
import java.sql.SQLException;
import java.util.List;

/** Writes changes inside the open target transaction. */
interface Applier {

    /** Says what comes next, once for each batch; what is applied afterwards are its changes, maybe twice. */
    default void begin(Batch batch) {}

    /** Writes the changes of consecutive transactions, free to combine them as long as the outcome is the same. */
    void apply(List<Transaction> transactions) throws SQLException, SinkException;

    /** The open transaction is undone, or its end: what was found in it need not hold any more. */
    default void rolledBack() {}

    /**
     * Writes a transaction by way of intermediate states that the source never had, for where its order does not do.
     *
     * @param wide whether unique columns that may not be null get values in between that nobody has
     * @return false when there is no such way; nothing was written then
     */
    boolean detour(Transaction transaction, boolean wide) throws SQLException, SinkException;

    /** Cuts a transaction into the smallest pieces that can be written on their own, in order. */
    List<List<ChangeEvent>> pieces(Transaction transaction);
}
