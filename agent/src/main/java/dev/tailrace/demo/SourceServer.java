package dev.tailrace.demo;

import java.io.IOException;
import java.sql.SQLException;

/**
 * A database server of our own that an agent captures from, on the loopback interface; shops are opened in it. It outlives
 * this JVM unless it is closed. One thread at a time starts and stops it, any thread opens shops.
 */
public interface SourceServer extends AutoCloseable {
    /** What it is, for people. */
    String title();

    /** The same for every start. */
    int port();

    /**
     * Makes an empty shop with a database of that name.
     *
     * @param name of letters and digits and {@code _}, at most 30 of them
     */
    Shop openShop(String name) throws SQLException;

    /** Ends gracefully, with whoever is connected, and starts again. */
    void restart() throws IOException;

    /** Ends as a crash does and starts again; it recovers by itself. */
    void crash() throws IOException;

    @Override
    void close() throws IOException;
}
