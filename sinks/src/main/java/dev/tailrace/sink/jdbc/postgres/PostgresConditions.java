package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.ConditionStatements;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One row at a time. A null becomes IS NULL in the text and anything else an equality, so that an index of the target's
 * owner serves; the text is the same for all rows with nulls in the same columns.
 */
final class PostgresConditions implements ConditionStatements {
    /** Types that have no equality, or whose equality is that of something else (an area, a length). */
    private static final Set<String> COMPARED_AS_TEXT =
            Set.of("json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle");

    private static final int STATEMENTS = 64;

    private final Dialect dialect;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);

    PostgresConditions(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
    }

    @Override
    public boolean deleteOne(TableBinding table, List<Integer> columns, Row row) throws SQLException {
        PreparedStatement statement =
                prepared("DELETE FROM " + name(table) + " AS t USING " + one(table, columns, row) + " WHERE " + FOUND);
        bind(statement, 1, table, columns, row, false);
        return statement.executeUpdate() > 0;
    }

    @Override
    public boolean updateOne(TableBinding table, List<Integer> columns, Row before, Row after) throws SQLException {
        String set = columns.stream()
                .map(c -> column(table, c) + " = " + parameter(table, c))
                .collect(Collectors.joining(", "));
        PreparedStatement statement = prepared("UPDATE " + name(table) + " AS t SET " + set + " FROM "
                + one(table, columns, before) + " WHERE " + FOUND);
        int parameter = bind(statement, 1, table, columns, after, true);
        bind(statement, parameter, table, columns, before, false);
        return statement.executeUpdate() > 0;
    }

    /** A place is unique in one partition. */
    private static final String FOUND = "t.ctid = tailrace_one.place AND t.tableoid = tailrace_one.part";

    private String one(TableBinding table, List<Integer> columns, Row row) {
        return "(SELECT ctid AS place, tableoid AS part FROM " + name(table) + " WHERE "
                + columns.stream().map(c -> equal(table, c, row)).collect(Collectors.joining(" AND "))
                + " LIMIT 1) AS tailrace_one";
    }

    private String equal(TableBinding table, int column, Row row) {
        String name = column(table, column);
        if (row.isNull(column)) {
            return name + " IS NULL";
        }
        String type = table.column(column).type();
        return isComparedAsText(type)
                ? name + "::text = " + parameter(table, column) + "::text"
                : name + " = " + parameter(table, column);
    }

    private static boolean isComparedAsText(String type) {
        return COMPARED_AS_TEXT.contains(type.endsWith("[]") ? type.substring(0, type.indexOf('[')) : type);
    }

    @Override
    public void deleteMarked(TableBinding table, int mark, List<Row> keys) throws SQLException {
        String match = table.key().stream()
                .map(k -> column(table, k) + " = " + parameter(table, k))
                .collect(Collectors.joining(" AND "));
        PreparedStatement statement = prepared(
                "DELETE FROM " + name(table) + " WHERE " + match + " AND " + column(table, mark) + " IS NOT NULL");
        statement.clearBatch();
        for (Row key : keys) {
            bind(statement, 1, table, table.key(), key, true);
            statement.addBatch();
        }
        statement.executeBatch();
    }

    @Override
    public void markAll(TableBinding table, int mark, Row stamp) throws SQLException {
        PreparedStatement statement = prepared("UPDATE " + name(table) + " SET " + column(table, mark) + " = "
                + parameter(table, mark) + " WHERE " + column(table, mark) + " IS NULL");
        bind(statement, 1, table, List.of(mark), stamp, true);
        statement.executeUpdate();
    }

    private static int bind(
            PreparedStatement statement, int first, TableBinding table, List<Integer> columns, Row row, boolean nulls)
            throws SQLException {
        int parameter = first;
        for (int column : columns) {
            if (nulls || !row.isNull(column)) {
                statement.setString(parameter++, ColumnArray.text(table, column, row));
            }
        }
        return parameter;
    }

    private String name(TableBinding table) {
        return dialect.quote(table.table().name());
    }

    private String column(TableBinding table, int column) {
        return dialect.quote(table.column(column).name());
    }

    private static String parameter(TableBinding table, int column) {
        return "CAST(CAST(? AS text) AS " + table.column(column).type() + ")";
    }

    private PreparedStatement prepared(String text) throws SQLException {
        PreparedStatement found = prepared.get(text);
        if (found != null) {
            return found;
        }
        PreparedStatement made = connection.prepareStatement(text);
        prepared.put(text, made);
        if (prepared.size() > STATEMENTS) {
            List<String> texts = new ArrayList<>(prepared.keySet());
            PreparedStatement eldest = prepared.remove(texts.get(0));
            if (eldest != null) {
                eldest.close();
            }
        }
        return made;
    }
}
