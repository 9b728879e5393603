package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.sql.SQLException;
import java.util.List;

/**
 * The statements that write rows on one connection, prepared once per (table, column set) and used again. Every method
 * runs inside the open transaction. Columns are given as positions in the binding's schema.
 */
public interface RowStatements extends AutoCloseable {

    /** Inserts the rows, or sets their columns where the key exists. No key occurs twice. */
    void upsert(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException;

    /**
     * Sets the columns of existing rows.
     *
     * @return how many rows were there; fewer than given means that rows are missing at the target
     */
    long update(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException;

    /** Deletes the rows with these keys; a missing one is no error. */
    void delete(TableBinding table, List<Row> keys) throws SQLException;

    /**
     * Gives rows another key and sets the columns, one after the other in the order given.
     *
     * @return for each move whether the row was there
     */
    boolean[] move(TableBinding table, List<Integer> columns, List<Move> moves) throws SQLException;

    /** Changes all the keys at once: for moves of which one takes the key that a later one gives up. */
    void rotate(TableBinding table, List<Move> moves) throws SQLException;

    /** Inserts the rows whose key is not there yet; of a table without a key all of them. */
    void insertNew(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException;

    /** Empties the tables, at once where the target allows it, else row by row. Given children before parents. */
    void truncate(List<TargetTable> tables) throws SQLException;

    /** Statements with other conditions than the key. */
    ConditionStatements conditions();

    /** Whether {@link #load} and {@link #isEmpty} are of use. */
    default boolean loads() {
        return false;
    }

    /** Whether the open transaction sees no row in the table. */
    default boolean isEmpty(TargetTable table) throws SQLException {
        return false;
    }

    /**
     * Adds the rows in the database's fastest way, or none of them. What is there already is never changed: a key that
     * exists makes it fail.
     *
     * @param halfway called when the server has a part of the rows
     * @return when it is not DONE the transaction is as it was before, and the rows have to be upserted
     */
    default Load load(TableBinding table, List<Integer> columns, List<Row> rows, Runnable halfway) throws SQLException {
        return Load.UNFIT;
    }

    /** Values for unique columns of rows that wait for another row to leave. */
    default KeyRotation.Parking parking() {
        return ParkingPlace::value;
    }

    @Override
    void close();

    /** What became of a load. */
    enum Load {
        DONE,
        /** The database began, and refused it. */
        REFUSED,
        /** These rows cannot be loaded, and nothing was tried. */
        UNFIT
    }

    /** A change of a key: an image with the old key, and the new image. */
    record Move(Row before, Row after) {}
}
