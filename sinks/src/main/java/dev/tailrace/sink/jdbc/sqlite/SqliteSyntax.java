package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.RowSyntax;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Statements about one row of SQLite, whose library the driver brings with LIMIT in them. */
final class SqliteSyntax implements RowSyntax {
    private static final String ONE = " LIMIT 1";

    @Override
    public String deleteOne(String table, String condition) {
        return "DELETE FROM " + table + " WHERE " + condition + ONE;
    }

    @Override
    public String updateOne(String table, String assignments, String condition) {
        return "UPDATE " + table + " SET " + assignments + " WHERE " + condition + ONE;
    }

    /** Byte for byte, whatever the column's collation. */
    @Override
    public String same(TableBinding table, int column, String name) {
        return name + " = ? COLLATE BINARY";
    }

    @Override
    public void bind(PreparedStatement statement, int parameter, TableBinding table, int column, Row row)
            throws SQLException {
        SqliteValues.bind(statement, parameter, SqliteValues.CONVERSION.of(table, column, row));
    }
}
