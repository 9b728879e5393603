package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What keeps an existing table at the target from taking the rows of a source table. */
public final class TargetShape {

    private TargetShape() {}

    /**
     * One misfit.
     *
     * @param code for the operator, see {@link SqlErrors}
     * @param remedy the exact statement
     */
    public record Misfit(String code, String message, String remedy) {

        /** Columns whose names the target takes for one, because it ignores case in them. */
        public static List<Misfit> differOnlyByCase(TableSchema schema) {
            List<Misfit> misfits = new ArrayList<>();
            Map<String, String> names = new HashMap<>();
            for (Column column : schema.columns()) {
                String other = names.putIfAbsent(column.name().toLowerCase(Locale.ROOT), column.name());
                if (other != null) {
                    misfits.add(new Misfit(
                            SqlErrors.SHAPE,
                            "columns " + other + " and " + column.name() + " of " + schema.table()
                                    + " differ only by case, and the target takes them for one",
                            "rename one of them at the source, or leave the table out of this sink"));
                }
            }
            return misfits;
        }

        /** @param trait of the key column, by which keys that differ at the source are equal at the target */
        public static Misfit mergesKeys(TargetTable table, TargetColumn column, String trait, String remedy) {
            return new Misfit(
                    SqlErrors.SHAPE,
                    "key column " + column.name() + " of " + table.name() + " " + trait
                            + ", by which different keys of the source would be one row",
                    remedy);
        }
    }

    /** All misfits, the first one first; empty when the table fits. */
    static List<Misfit> misfits(Dialect dialect, Connection connection, TableSchema schema, TargetTable table)
            throws SQLException {
        return misfits(dialect, connection, schema, table, ColumnNames.OWN);
    }

    /** @param names which of the columns are somewhere else, or need not be there */
    static List<Misfit> misfits(
            Dialect dialect, Connection connection, TableSchema schema, TargetTable table, ColumnNames names)
            throws SQLException {
        TableDdl ddl = new TableDdl(dialect, connection);
        List<Misfit> misfits = new ArrayList<>();
        Set<TargetColumn> filled = new HashSet<>();
        for (int i = 0; i < schema.size(); i++) {
            Column column = schema.column(i);
            Optional<TargetColumn> found = table.column(names.of(column.name()));
            if (found.isEmpty() && names.leftOut().contains(column.name())) {
                continue;
            }
            if (found.isEmpty()) {
                misfits.add(new Misfit(
                        SqlErrors.SHAPE,
                        "table " + table.name() + " has no column " + column.name(),
                        ddl.addColumn(table.name(), schema, column)));
            } else {
                filled.add(found.get());
                setting(dialect.alterations(), schema, i, table, found.get()).ifPresent(misfits::add);
            }
        }
        for (TargetColumn column : table.columns().values()) {
            if (column.notNull() && !column.hasDefault() && !column.generated() && !filled.contains(column)) {
                misfits.add(new Misfit(
                        SqlErrors.SHAPE,
                        "column " + column.name() + " of " + table.name()
                                + " is NOT NULL without a default and the source does not fill it",
                        dialect.alterations().dropNotNull(table.name(), column)));
            }
        }
        key(ddl, schema, table, names).ifPresent(misfits::add);
        misfits.addAll(dialect.misfits(connection, schema, Optional.of(table)));
        return misfits;
    }

    private static Optional<Misfit> setting(
            Dialect.Alterations alterations, TableSchema schema, int position, TargetTable table, TargetColumn column) {
        if (schema.isKey(position) && column.generated()) {
            return Optional.of(new Misfit(
                    SqlErrors.SHAPE,
                    "key column " + column.name() + " of " + table.name() + " is computed by the target",
                    alterations.dropExpression(table.name(), column)));
        }
        if (!schema.isKey(position) && column.identityAlways()) {
            return Optional.of(new Misfit(
                    SqlErrors.SHAPE,
                    "column " + column.name() + " of " + table.name()
                            + " is GENERATED ALWAYS AS IDENTITY and cannot be set",
                    alterations.settable(table.name(), column)));
        }
        return Optional.empty();
    }

    private static Optional<Misfit> key(TableDdl ddl, TableSchema schema, TargetTable table, ColumnNames names) {
        if (!schema.hasKey()) {
            return Optional.empty();
        }
        Set<String> key = schema.key().stream()
                .map(k -> names.of(schema.column(k).name()))
                .map(n -> table.column(n).map(TargetColumn::name).orElse(n))
                .collect(Collectors.toSet());
        if (table.uniqueKeys().contains(key)) {
            return Optional.empty();
        }
        return Optional.of(new Misfit(
                SqlErrors.NO_KEY,
                "table " + table.name() + " has no primary key or unique index on exactly "
                        + String.join(", ", key.stream().sorted().toList()) + " that is checked at once",
                ddl.addKey(table.name(), schema)));
    }
}
