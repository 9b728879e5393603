package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.sql.SQLException;
import java.util.List;

/**
 * Statements that find rows by something else than the key alone: rows without a key by all their values, rows that are
 * marked as deleted by the mark. Like {@link RowStatements} of one connection, inside the open transaction.
 */
public interface ConditionStatements {

    /**
     * Deletes exactly one row whose columns have these values; null equals null.
     *
     * @return whether there was one
     */
    boolean deleteOne(TableBinding table, List<Integer> columns, Row row) throws SQLException;

    /**
     * Gives exactly one row that has the old values the new ones; null equals null.
     *
     * @return whether there was one
     */
    boolean updateOne(TableBinding table, List<Integer> columns, Row before, Row after) throws SQLException;

    /** Deletes those rows with these keys in which that column is not null. */
    void deleteMarked(TableBinding table, int mark, List<Row> keys) throws SQLException;

    /** Sets that column to the stamp's value in all rows in which it is null. */
    void markAll(TableBinding table, int mark, Row stamp) throws SQLException;
}
