package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Row;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** How a database spells statements about one row, and how a row's values get into them. Without state. */
public interface RowSyntax {

    /** Deletes one of the rows that meet the condition. */
    default String deleteOne(String table, String condition) {
        return "DELETE FROM " + table + " WHERE " + condition + oneRow();
    }

    /** Changes one of the rows that meet the condition, whose parameters come behind those of the assignments. */
    default String updateOne(String table, String assignments, String condition) {
        return "UPDATE " + table + " SET " + assignments + " WHERE " + condition + oneRow();
    }

    /** What lets a DELETE or an UPDATE end with its first row, where the database has such a thing. */
    default String oneRow() {
        return " LIMIT 1";
    }

    /** What stands for that column's value: a question mark, with a conversion around it where one is needed. */
    default String parameter(TableBinding table, int column) {
        return "?";
    }

    /**
     * A comparison by which the column has exactly the value of its one parameter, no matter how loosely the database
     * compares such columns by itself.
     *
     * @param name of the column, quoted
     */
    default String same(TableBinding table, int column, String name) {
        return name + " = " + parameter(table, column);
    }

    /**
     * Sets the parameter to the row's value in that column.
     *
     * @throws ValueException when the column cannot hold it as it is
     */
    void bind(PreparedStatement statement, int parameter, TableBinding table, int column, Row row) throws SQLException;
}
