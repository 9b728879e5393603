package dev.tailrace.bench;

import java.util.Properties;

/**
 * A database whose log both sides read: one server of our own, with the table {@code orders} in it. What is measured knows
 * no more of the database than this.
 */
interface LoggedSource extends AutoCloseable {

    /** Lines below {@code source:} in the agent's configuration, without the tables and the snapshot. */
    String agentSource();

    /** Glob of the table for the agent's configuration. */
    String table();

    /** Empties the table, so that the next backlog has the same keys. */
    void clear() throws Exception;

    /** Makes the stock engine able to read from now on, under a name. */
    void markAnchor(String name) throws Exception;

    /**
     * The stock engine's own options to read from that mark on: connector, connection, what is captured. How it polls and
     * where its offsets are is said by who runs it.
     */
    Properties engine(String mark);

    /**
     * Inserts rows with the keys 1 to {@code rows}.
     *
     * @param perTransaction rows a transaction
     */
    void write(long rows, long perTransaction) throws Exception;

    /** Forgets marks, of the anchor and of the agents by these names, so that the server may drop its log. */
    void forget(Iterable<String> marks, Iterable<String> agents) throws Exception;

    @Override
    void close() throws Exception;
}
