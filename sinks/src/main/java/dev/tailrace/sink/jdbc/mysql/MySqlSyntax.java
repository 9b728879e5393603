package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.RowSyntax;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Statements about one row of MySQL or MariaDB; texts compare character by character, whatever the column's collation. */
record MySqlSyntax(MySqlFlavor flavor) implements RowSyntax {
    /** With what the server would otherwise take for another type, or compare more loosely. */
    @Override
    public String same(TableBinding table, int column, String name) {
        return name + " = "
                + switch (table.column(column).type()) {
                    case "json" -> "CAST(? AS JSON)";
                    case "float" -> "CAST(? AS FLOAT)";
                    // What is stored there has no spaces at its end, whatever was given.
                    case "char" -> "? COLLATE utf8mb4_bin";
                    case "varchar", "tinytext", "text", "mediumtext", "longtext" ->
                        "? COLLATE " + flavor.exactCollation();
                    default -> "?";
                };
    }

    @Override
    public void bind(PreparedStatement statement, int parameter, TableBinding table, int column, Row row)
            throws SQLException {
        MySqlValues.bind(statement, parameter, MySqlValues.CONVERSION.of(table, column, row));
    }
}
