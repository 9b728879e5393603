package dev.tailrace.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * A database whose log both sides read: one server of our own, with the table {@code orders} in it. What is measured knows
 * no more of the database than this.
 */
interface LoggedSource extends AutoCloseable {
    /** Words behind {@code --source}. */
    List<String> TYPES = List.of("postgres", "mysql");

    /** Starts a server of the options' type below the directory. */
    static LoggedSource start(BenchOptions options, Path directory) throws Exception {
        String type = options.source;
        return switch (type) {
            case "postgres" -> PostgresSource.start(directory, options.serverSettings());
            case "mysql" -> MySqlSource.start(directory);
            default -> throw new IllegalArgumentException(type);
        };
    }

    /** Lines below {@code source:} in the agent's configuration, without the tables and the snapshot. */
    String agentSource();

    /** Glob of the table for the agent's configuration. */
    String table();

    /** Empties the table, so that the next backlog has the same keys. */
    void clear() throws Exception;

    /**
     * The stock engine's own options for one run: connector, connection, what is captured. How it polls and where its
     * offsets are is added by who runs it.
     *
     * @param mark names the run, and its place in the log when the server keeps it
     */
    Properties engine(String mark);

    /**
     * Makes an engine with these options read from now on. A server that keeps the place itself is told so; else the
     * engine may be run once, until its offset file holds the place.
     *
     * @param mark as given to {@link #engine}
     * @param options all of them, with the file of the offsets
     */
    void mark(String mark, Properties options) throws Exception;

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
