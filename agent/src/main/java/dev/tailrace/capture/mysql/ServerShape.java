package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The shape that a table has at the server now, as a statement that every parser reads: columns with the server's own
 * spelling of their types, and the primary key. Defaults, expressions and options are left out: rows of the log are whole,
 * so decoding needs none of them, and they are what parsers stumble over.
 */
final class ServerShape {
    private static final int NO_SUCH_TABLE = 1146;
    private static final int NO_SUCH_DATABASE = 1049;

    private static final String COLUMNS = "SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, CHARACTER_SET_NAME,"
            + " COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
            + " ORDER BY ORDINAL_POSITION";

    private ServerShape() {}

    /**
     * Waits for a statement that is changing the table at the moment, so that what is read is what a committed statement
     * of the log left.
     *
     * @return that puts the shape in the place of whatever the engine knew; empty when there is no such table
     */
    static Optional<String> read(Connection connection, TableId table) throws SQLException {
        String name = MySqlConnections.table(table);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = 10");
            // the log has the keys too that the server made up
            statement.execute("/*!80030 SET SESSION show_gipk_in_create_table_and_information_schema = ON */");
            // holds the table's definition still until the commit
            statement.executeQuery("SELECT * FROM " + name + " LIMIT 0").close();
            List<String> lines = columns(connection, table);
            List<String> key = MySqlStateReader.primaryKey(connection, table);
            if (!key.isEmpty()) {
                lines.add("PRIMARY KEY ("
                        + key.stream().map(MySqlConnections::identifier).collect(Collectors.joining(", ")) + ")");
            }
            // the engine leaves a table alone that it knows already
            return Optional.of(
                    "DROP TABLE IF EXISTS " + name + "; CREATE TABLE " + name + " (" + String.join(", ", lines) + ")");
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SUCH_TABLE || e.getErrorCode() == NO_SUCH_DATABASE) {
                return Optional.empty();
            }
            throw e;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static List<String> columns(Connection connection, TableId table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, table.schema());
            query.setString(2, table.table());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    String charset = rows.getString(4);
                    columns.add(MySqlConnections.identifier(rows.getString(1)) + " " + rows.getString(2)
                            + (charset == null ? "" : " CHARACTER SET " + charset + " COLLATE " + rows.getString(5))
                            + (rows.getString(3).equals("NO") ? " NOT NULL" : " NULL"));
                }
            }
        }
        return columns;
    }
}
