package dev.tailrace.sink.jdbc.h2;

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

/** What keeps a table of H2 from being a true copy: keys that would merge. */
final class H2Shape {
    private H2Shape() {}

    static List<Misfit> misfits(TableSchema schema, Optional<TargetTable> table) {
        List<Misfit> misfits = new ArrayList<>();
        for (int i = 0; i < schema.size() && table.isPresent(); i++) {
            Column source = schema.column(i);
            Optional<TargetColumn> target = table.get().column(source.name());
            boolean merges = schema.isKey(i)
                    && source.valueType() == ValueType.TEXT
                    && target.map(t -> t.type().equals("VARCHAR_IGNORECASE")).orElse(false);
            if (merges) {
                misfits.add(new Misfit(
                        SqlErrors.SHAPE,
                        "key column " + source.name() + " of " + table.get().name()
                                + " ignores case, by which different keys of the source would be one row",
                        "ALTER TABLE " + new H2Dialect().quote(table.get().name()) + " ALTER COLUMN "
                                + new H2Dialect().quote(source.name()) + " SET DATA TYPE CHARACTER VARYING"));
            }
        }
        return misfits;
    }
}
