package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.TargetShape.Misfit;
import dev.tailrace.sink.jdbc.TargetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keeps a table of H2 from being a true copy: keys that would merge. */
final class H2Shape {
    private H2Shape() {}

    static List<Misfit> misfits(Dialect dialect, TableSchema schema, Optional<TargetTable> table) {
        List<Misfit> misfits = new ArrayList<>();
        for (int key : table.isPresent() ? schema.key() : List.<Integer>of()) {
            Column source = schema.column(key);
            table.get()
                    .column(source.name())
                    .filter(target -> source.valueType() == ValueType.TEXT
                            && target.type().equals("VARCHAR_IGNORECASE"))
                    .ifPresent(target -> misfits.add(Misfit.mergesKeys(
                            table.get(),
                            target,
                            "ignores case",
                            dialect.alterations().retype(table.get().name(), target, "CHARACTER VARYING"))));
        }
        return misfits;
    }
}
