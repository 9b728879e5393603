package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.SinkException;
import java.sql.SQLException;
import java.util.List;

/** Writes changes inside the open target transaction. */
interface Applier {

    /** Writes the changes of consecutive transactions, free to combine them as long as the outcome is the same. */
    void apply(List<Transaction> transactions) throws SQLException, SinkException;

    /** Cuts a transaction into the smallest pieces that can be written on their own, in order. */
    List<List<ChangeEvent>> pieces(Transaction transaction);
}
