package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetShape.Misfit;
import dev.tailrace.sink.jdbc.TargetTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What keeps a table of SQLite from being a true copy: names that are one there, keys that would merge, decimals. */
final class SqliteShape {
    private static final String BINARY = "BINARY";

    private SqliteShape() {}

    static List<Misfit> misfits(TableSchema schema, Optional<TargetTable> table) {
        List<Misfit> misfits = new ArrayList<>();
        columnNames(schema, misfits);
        for (int i = 0; i < schema.size() && table.isPresent(); i++) {
            Column source = schema.column(i);
            boolean key = schema.isKey(i);
            table.get().column(source.name()).ifPresent(target -> column(table.get(), source, key, target, misfits));
        }
        return misfits;
    }

    private static void columnNames(TableSchema schema, List<Misfit> misfits) {
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
    }

    private static void column(
            TargetTable table, Column source, boolean key, TargetColumn target, List<Misfit> misfits) {
        boolean numeric =
                Affinity.valueOf(target.type().toUpperCase(Locale.ROOT)).isNumeric();
        if (source.valueType() == ValueType.DECIMAL && numeric && !SqliteTypes.isWhole(source)) {
            misfits.add(new Misfit(
                    SqlErrors.SHAPE,
                    "column " + target.name() + " of " + table.name() + " is " + target.declared()
                            + ", in which SQLite keeps decimals as binary floating point: 1.10 would become 1.1",
                    SqliteDialect.anew(table.name(), target, "text")));
        }
        boolean text = source.valueType() == ValueType.TEXT || source.valueType() == ValueType.DECIMAL;
        if (key && text && !target.collation().orElse(BINARY).equals(BINARY)) {
            misfits.add(new Misfit(
                    SqlErrors.SHAPE,
                    "key column " + target.name() + " of " + table.name() + " has the collation "
                            + target.collation().orElse(BINARY)
                            + ", by which different keys of the source would be one row",
                    SqliteDialect.anew(table.name(), target, target.declared() + " COLLATE BINARY")));
        }
    }
}
