package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.RowByRowStatements;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One statement a row, with SQLite's own upsert: it acts on the key alone, any other unique key is an error. */
final class SqliteStatements extends RowByRowStatements {

    SqliteStatements(Dialect dialect, Connection connection) {
        super(dialect, connection);
    }

    @Override
    public void upsert(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        String set = withoutKey(table, columns).stream()
                .map(c -> name(table, c) + " = excluded." + name(table, c))
                .collect(Collectors.joining(", "));
        write(table, columns, rows, set.isEmpty() ? "NOTHING" : "UPDATE SET " + set);
    }

    @Override
    public void insertNew(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        write(table, columns, rows, "NOTHING");
    }

    private void write(TableBinding table, List<Integer> columns, List<Row> rows, String otherwise)
            throws SQLException {
        String text = insertText(table, columns) + " ON CONFLICT (" + names(table, table.key()) + ") DO " + otherwise;
        for (Row row : rows) {
            execute(text, table, columns, row, List.of(), row);
        }
    }

    @Override
    protected @Nullable Object value(TableBinding table, int position, Row row) throws SQLException {
        return SqliteValues.of(table, position, row);
    }

    @Override
    protected void bind(PreparedStatement statement, int parameter, @Nullable Object value) throws SQLException {
        SqliteValues.bind(statement, parameter, value);
    }
}
