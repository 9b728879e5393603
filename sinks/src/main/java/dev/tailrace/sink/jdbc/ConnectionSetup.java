package dev.tailrace.sink.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** What is done with a connection right after it was opened. */
@FunctionalInterface
public interface ConnectionSetup {
    void run(Connection connection) throws SQLException;

    /** The connection once that is done; one with which it cannot be done is closed. */
    static Connection on(Connection opened, ConnectionSetup setup) throws SQLException {
        try {
            setup.run(opened);
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }
}
