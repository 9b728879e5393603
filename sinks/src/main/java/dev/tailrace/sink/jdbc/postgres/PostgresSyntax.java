package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.RowSyntax;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;

/** Statements about one row of PostgreSQL. Values come as texts, and are cast to the target column's type. */
final class PostgresSyntax implements RowSyntax {
    /** Types that have no equality, or whose equality is that of something else (an area, a length). */
    private static final Set<String> COMPARED_AS_TEXT =
            Set.of("json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle");

    /** A place is unique in one partition. */
    private static final String FOUND = "t.ctid = tailrace_one.place AND t.tableoid = tailrace_one.part";

    @Override
    public String deleteOne(String table, String condition) {
        return "DELETE FROM " + table + " AS t USING " + one(table, condition) + " WHERE " + FOUND;
    }

    @Override
    public String updateOne(String table, String assignments, String condition) {
        return "UPDATE " + table + " AS t SET " + assignments + " FROM " + one(table, condition) + " WHERE " + FOUND;
    }

    private static String one(String table, String condition) {
        return "(SELECT ctid AS place, tableoid AS part FROM " + table + " WHERE " + condition
                + " LIMIT 1) AS tailrace_one";
    }

    @Override
    public String parameter(TableBinding table, int column) {
        return "CAST(CAST(? AS text) AS " + table.column(column).type() + ")";
    }

    @Override
    public String same(TableBinding table, int column, String name) {
        return isComparedAsText(table.column(column).type())
                ? name + "::text = " + parameter(table, column) + "::text"
                : name + " = " + parameter(table, column);
    }

    private static boolean isComparedAsText(String type) {
        return COMPARED_AS_TEXT.contains(type.endsWith("[]") ? type.substring(0, type.indexOf('[')) : type);
    }

    @Override
    public void bind(PreparedStatement statement, int parameter, TableBinding table, int column, Row row)
            throws SQLException {
        statement.setString(parameter, ColumnArray.text(table, column, row));
    }
}
