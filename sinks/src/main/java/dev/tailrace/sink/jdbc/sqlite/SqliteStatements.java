package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.RowByRowStatements;
import dev.tailrace.sink.jdbc.TableBinding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** One statement a row, with SQLite's own upsert: it acts on the key alone, any other unique key is an error. */
final class SqliteStatements extends RowByRowStatements {
    private final Dialect dialect;

    SqliteStatements(Dialect dialect, Connection connection) {
        super(dialect, new SqliteSyntax(), connection);
        this.dialect = dialect;
    }

    @Override
    public void upsert(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        String set = withoutKey(table, columns).stream()
                .map(c -> dialect.quote(table, c) + " = excluded." + dialect.quote(table, c))
                .collect(Collectors.joining(", "));
        write(table, columns, rows, onConflict(table, set.isEmpty() ? "NOTHING" : "UPDATE SET " + set));
    }

    @Override
    public void insertNew(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        write(table, columns, rows, table.key().isEmpty() ? "" : onConflict(table, "NOTHING"));
    }

    private String onConflict(TableBinding table, String action) {
        return " ON CONFLICT (" + dialect.quote(table, table.key()) + ") DO " + action;
    }

    private void write(TableBinding table, List<Integer> columns, List<Row> rows, String otherwise)
            throws SQLException {
        String text = insertText(table, columns) + otherwise;
        for (Row row : rows) {
            execute(text, table, columns, row, List.of(), row);
        }
    }
}
