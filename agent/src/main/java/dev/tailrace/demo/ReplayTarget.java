package dev.tailrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Tables of one kind of database that an archive's lines are applied to. One thread. */
interface ReplayTarget {
    List<ComparedTable> tables() throws SQLException;

    /** Column names to types in the database's own words. */
    Map<String, String> types(ComparedTable table) throws SQLException;

    /** The table's name as it stands in a statement. */
    String quoted(ComparedTable table);

    /** A placeholder that turns the archive's text into the column's type. */
    String placeholder(String type);

    /** The archive's value as the placeholder reads it. */
    String text(String type, JsonNode value);

    /** What ends an INSERT so that a key that is there makes it insert nothing, or throw a violation. */
    String unlessPresent();

    /** The statement that empties the table within a transaction. */
    String emptying(ComparedTable table);
}
