package dev.tailrace.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The database that an agent's JDBC sink writes to. Any thread. */
public interface Warehouse extends AutoCloseable {
    /** A session of the superuser. */
    Connection connect() throws SQLException;

    /** The lines of the JDBC sink's mapping, without indentation, but for its name and type. */
    List<String> configuration();

    /** The tables that came from a source's schema, as one side of a comparison. */
    TableReader tables(Connection connection, String schema);

    /**
     * Whether the table that came from a source's table exists and has a row with that value.
     *
     * @param table in double quotes
     * @param column in double quotes
     */
    boolean has(Connection connection, String schema, String table, String column, String value) throws SQLException;

    /** Removes the database. */
    @Override
    void close() throws SQLException;
}
