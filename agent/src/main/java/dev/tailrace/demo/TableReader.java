package dev.tailrace.demo;

import java.sql.SQLException;
import java.util.List;

/** One side of a comparison: the tables of one schema. One thread. */
public interface TableReader {
    /** What kind of database it is; rows of one kind are compared by the server's own texts. */
    String kind();

    /** The tables that have a primary key, by name. */
    List<ComparedTable> tables() throws SQLException;

    boolean exists(ComparedTable table) throws SQLException;

    /**
     * Rows in the byte order of the key's texts.
     *
     * @param table of the source, by which both sides read
     * @param byValue values are put into the form that {@link CanonicalValue} gives them; else as the server's text
     */
    KeyedRows rows(ComparedTable table, boolean byValue) throws SQLException;
}
