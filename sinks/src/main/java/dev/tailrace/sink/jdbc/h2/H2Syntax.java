package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.RowSyntax;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Statements about one row of H2. */
final class H2Syntax implements RowSyntax {
    @Override
    public String oneRow() {
        return " FETCH FIRST ROW ONLY";
    }

    /** A plain text would become a JSON string. */
    @Override
    public String parameter(TableBinding table, int column) {
        return table.column(column).type().equals("JSON") ? "? FORMAT JSON" : "?";
    }

    @Override
    public String same(TableBinding table, int column, String name) {
        return switch (table.column(column).type()) {
            // As a parameter it has no type of its own, and equals none; nor does one with a null equal itself.
            case "ARRAY" ->
                name + " IS NOT DISTINCT FROM CAST(? AS " + table.column(column).declared() + ")";
            // Blanks, or case, would not matter.
            case "CHARACTER", "VARCHAR_IGNORECASE" -> "CAST(" + name + " AS CHARACTER VARYING) = ?";
            default -> name + " = " + parameter(table, column);
        };
    }

    @Override
    public void bind(PreparedStatement statement, int parameter, TableBinding table, int column, Row row)
            throws SQLException {
        H2Values.bind(statement, parameter, H2Values.CONVERSION.of(table, column, row));
    }
}
