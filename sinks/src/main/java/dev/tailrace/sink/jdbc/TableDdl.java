package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.Dialect.CreatedType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that give the target a table of the source's shape. */
final class TableDdl {
    private final Dialect dialect;
    private final Connection connection;

    TableDdl(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
    }

    /**
     * A CREATE TABLE with true types, the primary key, and NOT NULL on the key alone: the rest is the source's to check.
     *
     * @param substitutions receives a line for each type that the target lacks
     */
    String create(TargetName name, TableSchema schema, List<String> substitutions) throws SQLException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            Column column = schema.column(i);
            CreatedType type = dialect.createdType(connection, schema, column);
            if (!HistoryTable.isOwn(column)) {
                type.substitution().ifPresent(s -> substitutions.add("column " + column.name() + ": " + s));
            }
            lines.add(dialect.quote(column.name()) + " " + type.name() + (schema.isKey(i) ? " NOT NULL" : ""));
        }
        if (schema.hasKey()) {
            lines.add("PRIMARY KEY (" + key(schema) + ")");
        }
        return "CREATE TABLE IF NOT EXISTS " + dialect.quote(name) + " (" + String.join(", ", lines) + ")"
                + dialect.tableOptions(connection);
    }

    /** The column alone, in a table whose rows get theirs in another way. */
    String addColumn(TargetName name, TableSchema schema, Column column) throws SQLException {
        return "ALTER TABLE " + dialect.quote(name) + " ADD COLUMN " + dialect.quote(column.name()) + " "
                + dialect.createdType(connection, schema, column).name();
    }

    /**
     * The column with what the source's rows have in it that were there before. As a default, because rows of the old shape
     * may still be written behind it: they leave the column out and have the same at the source.
     *
     * @throws ValueException when the target cannot hold that value
     */
    String addFilledColumn(TargetName name, TableSchema schema, Column column) throws SQLException, ValueException {
        Object existing = schema.existing().get(column.name());
        String added = addColumn(name, schema, column);
        return existing == null
                ? added
                : added + " DEFAULT "
                        + dialect.literal(
                                column,
                                dialect.createdType(connection, schema, column).name(),
                                existing);
    }

    String addKey(TargetName name, TableSchema schema) {
        return dialect.alterations()
                .addKey(
                        name,
                        schema.key().stream().map(k -> schema.column(k).name()).toList());
    }

    private String key(TableSchema schema) {
        return schema.key().stream()
                .map(k -> dialect.quote(schema.column(k).name()))
                .collect(Collectors.joining(", "));
    }
}
