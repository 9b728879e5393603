package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetShape.Misfit;
import dev.tailrace.sink.jdbc.TargetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keeps a table of SQLite from being a true copy: names that are one there, keys that would merge, decimals. */
final class SqliteShape {
    private static final String BINARY = "BINARY";

    private SqliteShape() {}

    static List<Misfit> misfits(TableSchema schema, Optional<TargetTable> table) {
        List<Misfit> misfits = new ArrayList<>(Misfit.differOnlyByCase(schema));
        for (int i = 0; i < schema.size() && table.isPresent(); i++) {
            Column source = schema.column(i);
            boolean key = schema.isKey(i);
            table.get().column(source.name()).ifPresent(target -> column(table.get(), source, key, target, misfits));
        }
        return misfits;
    }

    private static void column(
            TargetTable table, Column source, boolean key, TargetColumn target, List<Misfit> misfits) {
        boolean numeric = Affinity.of(target).isNumeric();
        if (source.valueType() == ValueType.DECIMAL && numeric && !SqliteTypes.isWhole(source)) {
            misfits.add(new Misfit(
                    SqlErrors.SHAPE,
                    "column " + target.name() + " of " + table.name() + " is " + target.declared()
                            + ", in which SQLite keeps decimals as binary floating point: 1.10 would become 1.1",
                    SqliteDialect.anew(table.name(), target, "text")));
        }
        boolean text = source.valueType() == ValueType.TEXT || source.valueType() == ValueType.DECIMAL;
        if (key && text && !target.collation().orElse(BINARY).equals(BINARY)) {
            misfits.add(Misfit.mergesKeys(
                    table,
                    target,
                    "has the collation " + target.collation().orElse(BINARY),
                    SqliteDialect.anew(table.name(), target, target.declared() + " COLLATE BINARY")));
        }
    }
}
