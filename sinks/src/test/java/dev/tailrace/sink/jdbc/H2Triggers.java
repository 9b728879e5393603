package dev.tailrace.sink.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.h2.api.Trigger;

/** What a trigger does at H2 is a class. */
public final class H2Triggers {
    private H2Triggers() {}

    /** Notes the first column of each row in the table {@code seen}. */
    public static final class Noting implements Trigger {
        @Override
        public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO seen VALUES (?)")) {
                insert.setObject(1, after[0]);
                insert.executeUpdate();
            }
        }
    }

    /** Refuses each row, with its third column in the message. */
    public static final class Refusing implements Trigger {
        @Override
        public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
            throw new SQLException("no " + after[2], "45000");
        }
    }
}
