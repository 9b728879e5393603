package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetShape.Misfit;
import dev.tailrace.sink.jdbc.TargetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What keeps a table of MySQL or MariaDB from being a true copy: names, engine, keys that would merge. */
final class MySqlShape {
    private static final Set<String> TEXTS =
            Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "set");

    /** Of these no two texts differ only by case, accent or trailing space. */
    private static final Set<String> CANONICAL = Set.of("uuid", "inet", "cidr", "macaddr", "macaddr8");

    /** All others of the collations ignore trailing spaces or more. */
    private static final Set<String> EXACT = Set.of("utf8mb4_0900_bin", "utf8mb4_nopad_bin", "binary");

    private final Dialect dialect;
    private final MySqlFlavor flavor;

    MySqlShape(Dialect dialect, MySqlFlavor flavor) {
        this.dialect = dialect;
        this.flavor = flavor;
    }

    List<Misfit> misfits(TableSchema schema, Optional<TargetTable> table) {
        List<Misfit> misfits = new ArrayList<>(Misfit.differOnlyByCase(schema));
        longNames(schema, misfits);
        if (table.isPresent()) {
            engine(table.get(), misfits);
            for (int key : schema.key()) {
                Column column = schema.column(key);
                table.get().column(column.name()).ifPresent(found -> key(table.get(), column, found, misfits));
            }
        }
        return misfits;
    }

    private void longNames(TableSchema schema, List<Misfit> misfits) {
        for (Column column : schema.columns()) {
            if (!dialect.fits(column.name())) {
                misfits.add(new Misfit(
                        SqlErrors.SHAPE,
                        "the name of column " + column.name() + " of " + schema.table() + " is too long for the target",
                        "rename it at the source, or leave the table out of this sink"));
            }
        }
    }

    private void engine(TargetTable table, List<Misfit> misfits) {
        if (table.engine().isPresent() && !table.engine().get().equalsIgnoreCase("InnoDB")) {
            misfits.add(new Misfit(
                    SqlErrors.SHAPE,
                    "table " + table.name() + " is stored by " + table.engine().get() + ", which has no transactions",
                    "ALTER TABLE " + dialect.quote(table.name()) + " ENGINE=InnoDB"));
        }
    }

    private void key(TargetTable table, Column source, TargetColumn column, List<Misfit> misfits) {
        boolean text = source.valueType() == ValueType.TEXT || source.valueType() == ValueType.DECIMAL;
        if (!text || !TEXTS.contains(column.type()) || CANONICAL.contains(source.sourceType())) {
            return;
        }
        if (column.collation().isPresent() && !EXACT.contains(column.collation().get())) {
            misfits.add(Misfit.mergesKeys(
                    table,
                    column,
                    "has the collation " + column.collation().get(),
                    "ALTER TABLE " + dialect.quote(table.name()) + " MODIFY COLUMN " + dialect.quote(column.name())
                            + " " + column.declared() + " CHARACTER SET utf8mb4 COLLATE " + flavor.exactCollation()
                            + (column.notNull() ? " NOT NULL" : "")));
        }
    }
}
