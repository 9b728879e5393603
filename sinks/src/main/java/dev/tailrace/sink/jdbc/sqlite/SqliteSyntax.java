package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.RowSyntax;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Statements about one row of SQLite, whose library the driver brings with LIMIT in them. */
final class SqliteSyntax implements RowSyntax {
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
